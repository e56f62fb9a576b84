import { expect, test } from "vitest";
import { qrOf } from "./qr";

const drawn = (text: string) => qrOf(text)?.map((row) => row.map((on) => (on ? "#" : ".")).join(""));

test("a short link is the code a reader knows", () => {
  expect(drawn("https://k.cn/a")).toEqual(GOLDEN);
});

test("the version grows with the text, up to 213 bytes", () => {
  const sides = [14, 26, 42, 62, 84, 106, 122, 152, 180, 213].map((n) => qrOf("x".repeat(n))?.length);
  expect(sides).toEqual([21, 25, 29, 33, 37, 41, 45, 49, 53, 57]);
  expect(qrOf("x".repeat(214))).toBe(null);
});

test("Chinese counts by bytes", () => expect(qrOf("好".repeat(71))?.length).toBe(57));

/** Read back by a QR reader when it was written down. */
const GOLDEN = [
  "#######.##..#.#######",
  "#.....#..##.#.#.....#",
  "#.###.#.###...#.###.#",
  "#.###.#..#..#.#.###.#",
  "#.###.#..####.#.###.#",
  "#.....#.#.....#.....#",
  "#######.#.#.#.#######",
  "..........##.........",
  "#.#...##...##..#..#.#",
  "#.#....###..###.##.##",
  ".#.##.#.....#..####.#",
  ".##..#.#..####.###...",
  "......#...#..#.....#.",
  "........##..#.#.##..#",
  "#######.##.##..####.#",
  "#.....#..#..#...##..#",
  "#.###.#......#.#.....",
  "#.###.#...#.#####....",
  "#.###.#.#...##.######",
  "#.....#....###.###...",
  "#######.##.###.##...#",
];

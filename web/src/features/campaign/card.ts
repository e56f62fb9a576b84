/** The share card of a campaign: words and a code, drawn on a canvas; nothing leaves the phone. */
import { qrOf } from "./qr";

/** What stands on the card. */
export interface CardText {
  brand: string;
  title: string;
  text: string;
  hashtags: string[];
  hint: string;
  link: string;
}

const WIDTH = 720;
const EDGE = 48;
const FONT = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",system-ui,sans-serif';

/** Draws the card and gives it as a PNG; "" where the browser has no canvas or the link is too long for a code. */
export function cardOf(c: CardText): string {
  const code = qrOf(c.link);
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  if (!code || !pen) return "";
  const width = WIDTH - 2 * EDGE;
  pen.font = `600 44px ${FONT}`;
  const title = wrap(pen, c.title, width).slice(0, 3);
  pen.font = `30px ${FONT}`;
  const text = wrap(pen, c.text, width).slice(0, 5);
  const tags = wrap(pen, c.hashtags.map((h) => `#${h.replace(/^#|#$/g, "")}`).join("  "), width).slice(0, 2);
  const top = 150 + title.length * 58 + (text.length ? 20 + text.length * 46 : 0) + (tags.length ? 16 + tags.length * 46 : 0);
  const side = 300;
  canvas.width = WIDTH;
  canvas.height = top + side + 150;
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, WIDTH, canvas.height);
  pen.fillStyle = "#2f54c8";
  pen.fillRect(0, 0, WIDTH, 92);
  pen.textBaseline = "top";
  pen.fillStyle = "#ffffff";
  pen.font = `600 32px ${FONT}`;
  pen.fillText(c.brand, EDGE, 30, width);
  let y = 128;
  const lines = (list: string[], font: string, colour: string, step: number) => {
    pen.font = font;
    pen.fillStyle = colour;
    for (const line of list) {
      pen.fillText(line, EDGE, y);
      y += step;
    }
  };
  lines(title, `600 44px ${FONT}`, "#1d2129", 58);
  if (text.length) y += 20;
  lines(text, `30px ${FONT}`, "#444b57", 46);
  if (tags.length) y += 16;
  lines(tags, `30px ${FONT}`, "#2f54c8", 46);
  drawCode(pen, code, (WIDTH - side) / 2, top + 20, side);
  pen.textAlign = "center";
  pen.fillStyle = "#5b6270";
  pen.font = `28px ${FONT}`;
  pen.fillText(c.hint, WIDTH / 2, top + side + 50, width);
  return canvas.toDataURL("image/png");
}

function drawCode(pen: CanvasRenderingContext2D, code: boolean[][], x: number, y: number, side: number): void {
  const step = Math.floor(side / code.length);
  const edge = Math.floor((side - step * code.length) / 2);
  pen.fillStyle = "#000000";
  code.forEach((row, i) => row.forEach((on, j) => on && pen.fillRect(x + edge + j * step, y + edge + i * step, step, step)));
}

/** Breaks a text at a width; Chinese breaks anywhere, Latin words stay whole where they fit. */
function wrap(pen: CanvasRenderingContext2D, text: string, width: number): string[] {
  const out: string[] = [];
  for (const part of text.split("\n")) {
    let line = "";
    for (const piece of part.match(/[\w@#%&+.,:;!?'"()/-]+\s*|\s+|[^]/gu) ?? []) {
      if (line && pen.measureText(line + piece).width > width) {
        out.push(line.trimEnd());
        line = "";
      }
      line += piece;
    }
    if (line.trim()) out.push(line.trimEnd());
  }
  return out;
}

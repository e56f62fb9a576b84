import { expect, it } from "vitest";
import { featureText, featureWords } from "./words";

it("names shapes and quotes words", () => {
  expect(["补贴", "‹6 digits›", "‹length ≤64›", "‹length >1024›", "‹digits some›", "‹mention›", "‹numbers ≤2›", "‹begins 出›", "‹ends 有吗›"].map(featureText)).toEqual([
    "“补贴”", "6 位数字", "不超过 64 字", "超过 1024 字", "含数字", "提到别人", "多个号码", "以“出”开头", "以“有吗”结尾",
  ]);
  expect(featureWords([{ text: "a" }, { text: "b" }], 1)).toBe("“a”");
});

/**
 * Signs and colours of the seven platforms, drawn by us: plain shapes on a tile, no trademark artwork.
 * The same colour stands for the same platform in every list and chart. Chart colours keep ≥ 3:1 to both
 * grounds and stay apart for the common kinds of colour blindness (lightness differs, too).
 */
export interface Glyph {
  /** A 16 × 16 path, white on the tile. */
  d: string;
  light: string;
  dark: string;
}

/** Sign and colours by platform slug. */
export const GLYPHS: Record<string, Glyph> = {
  // a note card with lines
  xiaohongshu: { d: "M4 3h8v10H4zM6 6h4M6 8.500h4M6 11h2", light: "#d1344b", dark: "#ff7d8c" },
  // a note of music
  douyin: { d: "M9 3v7.500a2 2 0 1 1-2-2M9 3c.3 2 1.500 3 3 3", light: "#1f2937", dark: "#cfd6e4" },
  // two wings of a play sign
  channels: { d: "M3 5c2 0 3.500 3 5 3s3-3 5-3c.6 3-2 6-3.500 6C8.500 11 8 9 8 9s-.5 2-1.500 2C5 11 2.400 8 3 5z", light: "#c77700", dark: "#f2b14a" },
  // a camera
  kuaishou: { d: "M3 6h6.500v6H3zM9.500 8 13 6v6l-3.500-2M5 4.500h.01M8 4.500h.01", light: "#e8590c", dark: "#ff9d66" },
  // a little television
  bilibili: { d: "M3 5.500h10V12H3zM6 3l1.500 2.500M10 3 8.500 5.500M6 8v1.500M10 8v1.500", light: "#0b86b8", dark: "#5cc4ee" },
  // an eye with rays
  weibo: { d: "M3 9.500C3 7.500 5 6 7.500 6S12 7.500 12 9.500 10 13 7.500 13 3 11.500 3 9.500zM7.500 9.500h.01M10.500 3.500A3 3 0 0 1 13 6.500", light: "#a3195b", dark: "#ee7fb4" },
  // two speech bubbles
  wechat_oa: { d: "M2.500 6.500c0-1.800 1.700-3 3.800-3s3.700 1.200 3.700 3-1.600 3-3.700 3l-1.800 1v-1.300c-1.200-.500-2-1.500-2-2.700zM10.500 7c1.700.2 3 1.300 3 2.800 0 1-.6 1.800-1.500 2.300v1.200l-1.500-.9c-1.600 0-2.700-.600-3.200-1.600", light: "#2b8a3e", dark: "#69c97c" },
};

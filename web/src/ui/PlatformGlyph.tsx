import { useMode } from "@/app/theme";
import { GLYPHS } from "./glyphs";
import { platformName } from "./words";

/** The sign of a platform with its name; `bare` keeps the name for screen readers and the hover only. */
export function PlatformGlyph({ platform, bare, size = 16 }: { platform: string; bare?: boolean; size?: number }) {
  const dark = useMode() === "dark";
  const g = GLYPHS[platform];
  const name = platformName(platform);
  if (!g) return <span>{name}</span>;
  return (
    <span style={{ display: "inline-flex", alignItems: "center", gap: 6, whiteSpace: "nowrap" }} title={bare ? name : undefined}>
      <svg
        width={size}
        height={size}
        viewBox="0 0 16 16"
        role={bare ? "img" : undefined}
        aria-label={bare ? name : undefined}
        aria-hidden={bare ? undefined : true}
        style={{ flex: "none" }}
      >
        <rect width="16" height="16" rx="4" fill={dark ? g.dark : g.light} />
        <path d={g.d} fill="none" stroke={dark ? "#14161a" : "#fff"} strokeWidth={1.2} strokeLinecap="round" strokeLinejoin="round" />
      </svg>
      {!bare && name}
    </span>
  );
}

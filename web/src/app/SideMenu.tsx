import { MenuFoldOutlined, MenuUnfoldOutlined } from "@ant-design/icons";
import { Link, useLocation, useSearchParams } from "react-router";
import { t } from "./i18n";
import { iconOf } from "./icons";
import { GROUPS, type Entry } from "./routes";
import { scopedPath } from "./scope";

/** The left menu: groups in the words of the field, only pages that exist and the person may open. */
export function SideMenu({ entries, folded, onFold }: { entries: Entry[]; folded: boolean; onFold: () => void }) {
  const [params] = useSearchParams();
  const here = menuPath(entries, useLocation().pathname);
  return (
    <aside className="k-side">
      <a className="k-logo" href="/" aria-label="Kosmos">
        <img src="/kosmos.svg" width={28} height={28} alt="" />
        <span>Kosmos</span>
      </a>
      <nav className="k-nav" aria-label={t("menu")}>
        {GROUPS.map((g) => {
          const items = entries.filter((e) => e.group === g && e.label);
          if (!items.length) return null;
          return (
            <div key={g}>
              {g !== "overview" && <h2>{t(`group.${g}`)}</h2>}
              <ul>
                {items.map((e) => (
                  <li key={e.path}>
                    <Link
                      to={scopedPath(e.path, params)}
                      aria-current={e.path === here ? "page" : undefined}
                      title={folded && e.label ? t(`nav.${e.label}`) : undefined}
                      onMouseEnter={() => void e.page().catch(() => {})}
                      onFocus={() => void e.page().catch(() => {})}
                    >
                      {iconOf(e)}
                      <span>{e.label && t(`nav.${e.label}`)}</span>
                    </Link>
                  </li>
                ))}
              </ul>
            </div>
          );
        })}
      </nav>
      <button type="button" className="k-fold k-hide-narrow" onClick={onFold} aria-label={t(folded ? "expand" : "collapse")}>
        {folded ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />}
      </button>
    </aside>
  );
}

/** The menu entry a page belongs to: the longest one its address begins with. */
export function menuPath(entries: Entry[], pathname: string): string | undefined {
  return entries
    .filter((e) => e.group && e.label && (pathname === e.path || pathname.startsWith(`${e.path}/`)))
    .map((e) => e.path)
    .sort((a, b) => b.length - a.length)[0];
}

import { Button } from "antd";
import { Link } from "react-router";
import { useList } from "@/api";
import { useScope, useScopedLink } from "@/app/scope";
import { Drawer, EmptyState, PlatformGlyph, platformName, UnitPath } from "@/ui";
import { m } from "./i18n";
import { API, type Gap } from "../types";

/** Which stores to look for: on a platform or on none, in a unit, a city or of a type. */
export interface GapAsk {
  unit?: string;
  platform?: string;
  city?: number;
  storeType?: string;
  name?: string;
}

/** Stores without an account, at the right of the grid. */
export function GapsDrawer({ ask, onClose }: { ask: GapAsk | null; onClose: () => void }) {
  const { query } = useScope();
  const link = useScopedLink();
  const list = useList<Gap>(ask ? `${API}/gaps` : null, { unit: ask?.unit ?? query.unit, platform: ask?.platform, city: ask?.city, store_type: ask?.storeType });
  const title = ask?.platform ? m("gapsTitle", { platform: platformName(ask.platform) }) : m("gapsBare");
  return (
    <Drawer open={!!ask} onClose={onClose} title={ask?.name ? `${title} · ${ask.name}` : title} loading={list.loading} error={list.problem} onRetry={list.retry}>
      {list.rows.length === 0 ? (
        <EmptyState title={m("gapsNone")} />
      ) : (
        <>
          {list.rows.map((g) => (
            <div key={g.unit.id} style={{ display: "flex", gap: 12, padding: "8px 0", borderBottom: "1px solid var(--k-line)" }}>
              <div style={{ flex: 1, minWidth: 0 }}>
                <Link to={link("/matrix/accounts", { unit: g.unit.id })}>
                  <UnitPath unit={g.unit.id} />
                </Link>
                <div className="k-muted">{g.city}</div>
              </div>
              <div className="k-muted">
                {g.has.length ? (
                  <>
                    {m("gapsHas")} {g.has.map((p) => <span key={p} style={{ marginLeft: 4 }}><PlatformGlyph platform={p} bare /></span>)}
                  </>
                ) : (
                  m("gapsHasNone")
                )}
              </div>
            </div>
          ))}
          {list.hasMore && (
            <Button block style={{ marginTop: 12 }} onClick={list.more} loading={list.loadingMore}>
              {m("moreRows")}
            </Button>
          )}
        </>
      )}
    </Drawer>
  );
}

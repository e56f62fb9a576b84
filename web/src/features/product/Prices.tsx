import { Page } from "@/ui";
import { t } from "./i18n";
import { PolicyTable } from "./PolicyTable";
import { RegionNote, Strip } from "./words";

/** Every price, discount and promotion that holds, held or will hold. */
export default function Prices() {
  return (
    <Page title={t("prices")} lead={t("pricesLead")}>
      <Strip />
      <RegionNote />
      <PolicyTable />
    </Page>
  );
}

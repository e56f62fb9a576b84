import { Page, Section, Dropzone } from "@/ui";
import { t } from "./i18n";
export default function Drop() {
  return <Page title={t("title")}><Section><Dropzone accept=".xlsx,.csv" maxBytes={50e6} onFiles={() => {}} /></Section></Page>;
}

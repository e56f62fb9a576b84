import { Spin } from "antd";
import { t } from "./i18n";

/** While something opens; quiet for the first moment. */
export function Opening() {
  return (
    <div className="k-center" role="status" aria-label={t("starting")}>
      <Spin delay={300} />
    </div>
  );
}

import { Button, Input } from "antd";
import { useToast } from "@/ui";
import { t } from "./i18n";
import "./door.css";

/** A secret that is shown once, with a button to copy it. */
export function Secret({ value, label }: { value: string; label: string }) {
  const toast = useToast();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
    } catch {
      // Plain http on a LAN address has no clipboard: select it for the keyboard.
      const field = document.getElementById("secret-value") as HTMLInputElement | null;
      field?.select();
      document.execCommand("copy");
    }
    toast.done(t("copied"));
  };
  return (
    <div className="i-secret">
      <Input id="secret-value" readOnly value={value} aria-label={label} onFocus={(e) => e.target.select()} />
      <Button type="primary" onClick={() => void copy()}>
        {t("copy")}
      </Button>
    </div>
  );
}

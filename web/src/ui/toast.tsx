import { App, Button } from "antd";
import { useMemo } from "react";
import { asProblem } from "@/api";
import { t } from "./i18n";

/** Short messages at the edge of the screen. */
export interface Toast {
  /** What was done, in full: the thing and what became of it, not "success". */
  done: (text: string) => void;
  /** The same with an undo button for eight seconds. */
  undoable: (text: string, undo: () => Promise<unknown> | void) => void;
  /** What failed; takes anything thrown. */
  failed: (err: unknown) => void;
}

/** Messages for a page: `const toast = useToast()`. */
export function useToast(): Toast {
  const { message, notification } = App.useApp();
  return useMemo(() => {
    const failed = (err: unknown) => {
      const p = asProblem(err);
      void message.error([p.message, ...p.fields.map((f) => f.message)].filter(Boolean).join(" "), 6);
    };
    return {
      done: (text) => void message.success(text),
      failed,
      undoable: (text, undo) => {
        const key = `undo-${Date.now()}-${Math.random()}`;
        const run = async () => {
          notification.destroy(key);
          try {
            await undo();
            void message.success(t("undone"));
          } catch (err) {
            failed(err);
          }
        };
        notification.success({
          key,
          title: text,
          placement: "bottomLeft",
          duration: 8,
          role: "status",
          actions: (
            <Button size="small" onClick={() => void run()}>
              {t("undo")}
            </Button>
          ),
        });
      },
    };
  }, [message, notification]);
}

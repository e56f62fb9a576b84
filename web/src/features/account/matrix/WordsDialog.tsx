import { Form, Modal, Select, Skeleton } from "antd";
import { useGet, useSend } from "@/api";
import { useCan } from "@/app/session";
import { comma } from "@/i18n/format";
import { useToast } from "@/ui";
import { Ask } from "../dialogs";
import { API } from "../types";
import { m } from "./i18n";

interface Words {
  words: string[];
}

/** The brand's words: what the name or bio of a related account holds. */
export function WordsDialog({ onClose }: { onClose: () => void }) {
  const can = useCan();
  const got = useGet<Words>(`${API}/words`);
  const send = useSend<Words, Words>("PUT", `${API}/words`, [`${API}/words`]);
  const toast = useToast();
  if (!got.data || !can("account.words")) {
    return (
      <Modal open title={m("words")} onCancel={onClose} footer={null}>
        <p className="k-muted">{m("wordsHint")}</p>
        {got.data ? <p>{got.data.words.join(comma())}</p> : <Skeleton active />}
      </Modal>
    );
  }
  return (
    <Ask<Words>
      title={m("words")}
      hint={m("wordsHint")}
      initial={got.data}
      onClose={onClose}
      send={async (v) => {
        const now = await send.mutateAsync({ body: { words: v.words } });
        toast.done(m("wordsSaved", { list: now.words.join(comma()) }));
      }}
    >
      <Form.Item name="words" label={m("wordsField")}>
        <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={["、", "，", ",", ";", "；"]} />
      </Form.Item>
    </Ask>
  );
}

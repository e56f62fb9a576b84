import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Dropdown } from "antd";
import { useState } from "react";
import { comma } from "@/i18n/format";
import { EmptyState, platformName, Section } from "@/ui";
import { TASK_TYPES, type TaskType } from "../types";
import { t } from "./i18n";
import type { StepProps } from "./steps";
import { TaskEditor } from "./TaskEditor";
import { newTask, type TaskPlan } from "./types";

/** What people are asked to do, and how they prove it. */
export function StepTasks({ plan, set, fault }: StepProps) {
  const tasks = plan.tasks ?? [];
  const [at, setAt] = useState(0);
  const shown = Math.min(at, tasks.length - 1);
  const add = (type: TaskType) => {
    set({ tasks: [...tasks, { ...newTask(type), title: t.slug("type", type) }] });
    setAt(tasks.length);
  };
  const more = (
    <Dropdown menu={{ items: TASK_TYPES.map((key) => ({ key, label: t(`type.${key}`) })), onClick: ({ key }) => add(key as TaskType) }} trigger={["click"]}>
      <Button icon={<PlusOutlined />}>{t("addTask")}</Button>
    </Dropdown>
  );
  const task = tasks[shown];
  return (
    <Section title={t("step.tasks")} extra={tasks.length > 0 && tasks.length < 20 && more}>
      {!task ? (
        <EmptyState title={t("tasksNone")} text={t("tasksNoneText")} action={more} />
      ) : (
        <div className="c-split c-tasks">
          <ul className="c-plain" aria-label={t("step.tasks")}>
            {tasks.map((x, i) => (
              <li key={i}>
                <button type="button" className="c-pick" aria-pressed={i === shown} onClick={() => setAt(i)}>
                  <b>{x.title || t.slug("type", x.type)}</b>
                  <small className="k-muted">{aboutTask(x)}</small>
                </button>
              </li>
            ))}
          </ul>
          <div>
            <TaskEditor
              key={shown}
              task={task}
              plan={plan}
              fault={(field) => fault(`tasks[${shown}].${field}`)}
              onChange={(c) => set({ tasks: tasks.map((x, i) => (i === shown ? { ...x, ...c } : x)) })}
            />
            <Button danger type="text" icon={<DeleteOutlined />} onClick={() => { set({ tasks: tasks.filter((_, i) => i !== shown) }); setAt(Math.max(0, shown - 1)); }}>
              {t("dropTask", { title: task.title || t.slug("type", task.type) })}
            </Button>
          </div>
        </div>
      )}
    </Section>
  );
}

function aboutTask(x: TaskPlan): string {
  return [t.slug("type", x.type), x.platforms?.length ? x.platforms.map(platformName).join(comma()) : "", x.minutes ? t("minutesOf", { n: x.minutes }) : ""].filter(Boolean).join(" · ");
}

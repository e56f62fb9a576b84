import { Button, Result } from "antd";
import { Component, type ReactNode } from "react";
import { t } from "./i18n";

/** Catches a page that breaks while drawing, and says what to do. `resetKey` changing tries again. */
export class Crash extends Component<{ children: ReactNode; resetKey?: string }, { error: Error | null }> {
  state = { error: null as Error | null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  componentDidUpdate(prev: { resetKey?: string }) {
    if (this.state.error && prev.resetKey !== this.props.resetKey) this.setState({ error: null });
  }

  render() {
    if (!this.state.error) return this.props.children;
    return (
      <Result
        status="error"
        title={t("crash")}
        subTitle={t("crashText")}
        extra={
          <Button type="primary" onClick={() => location.reload()}>
            {t("reload")}
          </Button>
        }
      />
    );
  }
}

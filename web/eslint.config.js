import hooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";

const HAN = String.raw`/[\u3400-\u9fff]/`;
const words = "Words for people live in i18n.ts (zh and en), not in code.";

export default ts.config(
  { ignores: ["dist", "node_modules", "src/api/schema.d.ts"] },
  ...ts.configs.recommended,
  {
    files: ["src/**/*.{ts,tsx}"],
    plugins: { "react-hooks": hooks },
    rules: {
      ...hooks.configs.recommended.rules,
      "react-hooks/set-state-in-effect": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "max-lines": ["error", 600],
      eqeqeq: ["error", "smart"],
      "no-console": ["error", { allow: ["error"] }],
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["src/**/i18n.ts", "src/i18n/format.ts", "src/**/*.test.ts", "src/**/*.test.tsx"],
    rules: {
      "no-restricted-syntax": [
        "error",
        { selector: `Literal[value=${HAN}]`, message: words },
        { selector: `JSXText[value=${HAN}]`, message: words },
        { selector: `TemplateElement[value.raw=${HAN}]`, message: words },
      ],
    },
  },
  { files: ["scripts/**", "e2e/**"], languageOptions: { globals: { process: "readonly", console: "readonly" } } },
);

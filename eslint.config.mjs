import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

// Imports go one way: examples -> sdk -> (a string) -> provider -> provider/api.
const forbid = (files, ...patterns) => ({
  files,
  rules: {
    "@typescript-eslint/no-restricted-imports": [
      "error",
      {
        patterns: patterns.map(([regex, message, allowTypeImports = false]) => ({
          regex,
          message,
          allowTypeImports,
        })),
      },
    ],
  },
});

export default tseslint.config(
  { ignores: ["dist/", "**/node_modules/", "**/*.js", "**/*.mjs", "**/*.cjs", "examples/"] },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/only-throw-error": "off",
      "no-console": "error",
    },
  },
  forbid(["provider/**"], ["/(sdk|cli|emulator|tests|tools)/", "the provider stands alone"]),
  forbid(
    ["provider/api/**"],
    ["^\\.\\./(?!api/)", "the wire knows nothing of resources"],
    ["/(sdk|cli|emulator|tests|tools)/", "the provider stands alone"],
  ),
  forbid(
    ["sdk/**"],
    ["/(cli|emulator|tests|tools)/", "the sdk is what programs import"],
    [
      "/provider/",
      "types only: resources reach the provider through the engine, and lookups load it when they first ask",
      true,
    ],
  ),
  forbid(["emulator/**"], ["/(provider|sdk|cli|tests|tools)/", "the emulator takes only types", true]),
  forbid(
    ["policy/**"],
    ["/(sdk|cli|emulator|tests|tools)/", "policies see what the engine shows them"],
    ["/provider/(?!duration|api/email)", "policies see what the engine shows them"],
  ),
  forbid(["files/**"], ["^\\.\\./", "files know nothing of what is in them"]),
  forbid(["cli/**"], ["/(tests|tools)/", "tests are nobody's dependency"]),
  { files: ["cli/**", "tools/**", "bench/**"], rules: { "no-console": "off" } },
  { files: ["tests/**"], rules: { "@typescript-eslint/no-non-null-assertion": "off" } },
);

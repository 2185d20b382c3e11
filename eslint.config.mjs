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

// The rooms of the emulator, each with the rooms that it may import.
const emulatorRooms = {
  schemas: [],
  unknowns: [],
  cloud: ["unknowns"],
  http: ["unknowns"],
  faults: ["schemas"],
  seed: ["schemas", "cloud"],
  storage: ["schemas", "cloud"],
  auth: ["unknowns", "cloud", "http"],
  api: ["schemas", "unknowns", "cloud", "http", "auth"],
  instance: ["unknowns", "cloud", "faults", "storage"],
  control: ["schemas", "unknowns", "cloud", "http", "faults", "instance"],
  server: ["cloud", "http", "faults", "auth", "api", "instance", "control"],
};
const emulatorAlone = ["/(provider|sdk|cli|tests|tools)/", "the emulator takes only types", true];

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
  forbid(["emulator/**"], emulatorAlone),
  ...Object.entries(emulatorRooms).map(([room, below]) => {
    const others = Object.keys(emulatorRooms).filter((other) => !below.includes(other));
    return forbid([`emulator/${room}/**`], emulatorAlone, [
      `^(\\.\\./)+((${others.join("|")})/|(index)?$)`,
      "imports between the emulator's rooms go one way",
    ]);
  }),
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

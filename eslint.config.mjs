import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

// Imports go one way: examples -> sdk -> (a string) -> provider.
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

// The rooms of the provider, floor by floor: a room imports only from the floors below it.
const floors = [
  ["api/text", "api/gathering", "machine"],
  ["api/bodies", "api/http", "stack"],
  ["api/reads", "session"],
  ["api/writes", "contract", "guards", "recovery"],
  ["accounts", "keys", "lifecycle", "lookups", "memberships", "projects"],
  ["dynamic", "resources"],
];
const alone = ["/(access|sdk|cli|emulator|tests|tools)/", "the provider stands alone"];
const oneWay = floors.flatMap((rooms, floor) =>
  rooms.map((room) => {
    const others = floors
      .slice(floor)
      .flat()
      .filter((other) => other !== room);
    // A room inside of api names its neighbours without it.
    const names = others.flatMap((other) =>
      room.startsWith("api/") && other.startsWith("api/") ? [other.slice("api/".length)] : [other],
    );
    const up = `^(\\.\\./)+(${names.join("|")})/`;
    return forbid(
      [`provider/${room}/**`],
      [up, "imports go one way: this room is on the same floor or above"],
      alone,
    );
  }),
);
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
  { ignores: ["dist/", "dist-*/", "**/node_modules/", "**/*.js", "**/*.mjs", "**/*.cjs", "examples/"] },
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
  forbid(["provider/*.ts"], alone),
  ...oneWay,
  forbid(
    ["sdk/**"],
    ["/(cli|emulator|tests|tools)/", "the sdk is what programs import"],
    [
      "/provider/",
      "types only: resources reach the provider through the engine, and lookups load it when they first ask",
      true,
    ],
  ),
  forbid(
    ["plugin/**"],
    ["/(sdk|cli|emulator|tests|tools)/", "the plugin is a front of the provider, and needs nothing else"],
    ["/provider/(dynamic/|index)", "the two fronts know nothing of each other"],
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
    [
      "/provider/(?!contract/(duration|expiry)|api/text/email|stack/doors)",
      "policies see what the engine shows them",
    ],
  ),
  forbid(
    ["access/**"],
    ["/(sdk|cli|emulator|policy|tests|tools)/", "the model of access knows nothing of those who use it"],
    ["/provider/(?!api/text/)", "the model of access is pure: it asks nobody"],
  ),
  forbid(["files/**"], ["^\\.\\./", "files know nothing of what is in them"]),
  forbid(["cli/**"], ["/(tests|tools)/", "tests are nobody's dependency"]),
  { files: ["cli/**", "tools/**", "bench/**"], rules: { "no-console": "off" } },
  { files: ["tests/**"], rules: { "@typescript-eslint/no-non-null-assertion": "off" } },
);

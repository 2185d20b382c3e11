import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type TypeScript from "typescript";
import { installed } from "./installed";

/** The compiler versions of users: the oldest, some between, and the newest. */
const versions = ["5.0.4", "5.4.5", "5.9.3", "6.0.3"] as const;
export type Version = (typeof versions)[number];
export { versions };

/** A compiler of one version. */
export async function compiler(version: Version): Promise<typeof TypeScript> {
  const all = versions.map((each) => [`typescript-${each}`, `npm:typescript@${each}`] as const);
  const folder = await installed(`typescript-${versions.join("-")}`, Object.fromEntries(all));
  return createRequire(join(folder, "index.js"))(`typescript-${version}`) as typeof TypeScript;
}

const modules = { node10: "commonjs", node16: "node16", nodenext: "nodenext", bundler: "es2022" };
type Resolution = keyof typeof modules;
export const resolutions = Object.keys(modules) as Resolution[];

/**
 * The errors that a compiler finds in a program and in our declarations, without `skipLibCheck`. Leaves out
 * errors in the declarations of other packages.
 */
export function complaints(ts: typeof TypeScript, file: string, resolution: Resolution): string[] {
  const { options } = ts.convertCompilerOptionsFromJson(
    {
      ...{ module: modules[resolution], moduleResolution: resolution, target: "es2022", types: ["node"] },
      ...{ strict: true, noEmit: true, skipLibCheck: false },
      // 6.0 calls node10 deprecated, and continues with this option.
      ...(ts.version.startsWith("6.") ? { ignoreDeprecations: "6.0" } : {}),
    },
    dirname(file),
  );
  const program = ts.createProgram([file], options);
  const ours = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName === file || fileName.includes("/node_modules/pulumi-dt/"));
  const found = [
    ...program.getOptionsDiagnostics(),
    ...ours.flatMap((source) => [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ]),
  ];
  return found.map(({ file: place, messageText }) =>
    [place?.fileName.split("/node_modules/").at(-1), ts.flattenDiagnosticMessageText(messageText, "\n")].join(
      ": ",
    ),
  );
}

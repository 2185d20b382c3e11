import { mkdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { findPulumiCli } from "../../../tools/pulumi-cli/ensure";
import { lazyLoading } from "../../lazy/nodeOptions";
import { vault } from "../../standins/vault";
import { packedProject } from "./packed";
import { RUN_MARK } from "./scratch";

// The developer's settings for real stacks must not affect a test.
const ours = ["PULUMI_DT_NO_DOWNLOAD", "PULUMI_DT_NOT_RUN"];
for (const name of Object.keys(process.env)) {
  if (/^(DT|PULUMI)_/.test(name) && !ours.includes(name)) Reflect.deleteProperty(process.env, name);
}

let ready: Promise<void> | undefined;

/**
 * The variables with which the engine runs in a test: its own home, file backend and passphrase, and no
 * network.
 *
 * @param folder where the engine may keep its files
 * @param extra added, such as an emulator's settings
 */
export async function engineEnvironment(
  folder: string,
  extra: Record<string, string> = {},
): Promise<Record<string, string>> {
  await (ready ??= putCliOnPath());
  const state = join(folder, "state");
  mkdirSync(state, { recursive: true });
  const [markName = "", mark = ""] = RUN_MARK.split("=");
  return {
    PATH: process.env.PATH ?? "",
    TMPDIR: folder,
    PULUMI_HOME: join(folder, "pulumi-home"),
    PULUMI_BACKEND_URL: `file://${state}`,
    DT_JOURNAL: join(folder, "journal"),
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    ...(await vault()),
    TEST_PACKED_PROJECT: await packedProject(),
    NODE_OPTIONS: lazyLoading,
    // Each Node.js process reads these certificates when it starts, which takes as long as the rest of its start.
    NODE_EXTRA_CA_CERTS: "",
    // The CLI ends after a second, so it need not collect its garbage often.
    GOGC: "400",
    [markName]: mark,
    ...extra,
  };
}

/** The text of the state of stack `test` in project `test`, as the file backend stores it. */
export function storedState({ PULUMI_BACKEND_URL: backend = "" }: Record<string, string>): string {
  return readFileSync(join(backend.slice("file://".length), ".pulumi/stacks/test/test.json"), "utf8");
}

/** Also changes the PATH of this process, because the Automation API looks there. */
async function putCliOnPath(): Promise<void> {
  const found = await findPulumiCli();
  // Installing one may take minutes, which is too long for a test.
  if ("lack" in found) throw new Error(`${found.lack}; make one: npm run pulumi-cli`);
  process.env.PATH = [found.folder, process.env.PATH].join(delimiter);
}

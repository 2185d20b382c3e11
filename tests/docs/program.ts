import * as pulumi from "@pulumi/pulumi";
import ts from "typescript";
import type { Emulator } from "../../emulator";
import { lookUp, type Lookups } from "../../provider/lookups/lookUp";
import * as dt from "../../sdk";
import { repository, type Block } from "./pages";

/** The values that pages use without declaring them again. */
const glossary = {
  organization: "string",
  home: "string",
  production: "string",
  projectOfB: "string",
  emailOfA: "string",
  pulumiItself: "string",
  keyId: "string",
  email: "string",
  config: "pulumi.Config",
  account: "dt.ServiceAccount",
  accountOfA: "dt.ServiceAccount",
  erp: "dt.SystemAccess",
  secretId: "string",
  // Another company's package, which is not installed here.
  aws: "any",
} as const;

/** Whether a block is a whole program, and not a few lines of one. */
const isWhole = ({ code }: Block): boolean => /^import /m.test(code);

/** The block as a file that compiles. A few lines become a function whose parameters are the values that they use. */
function fileOf(block: Block): string {
  if (isWhole(block)) return block.code;
  const code = block.code.replace(/^export = /gm, "const program = ").replace(/^export const /gm, "const ");
  const declared = Object.entries(glossary).filter(
    ([name]) => !new RegExp(`\\bconst \\{? ?${name}\\b`).test(code),
  );
  const parameters = declared.map(([name, type]) => `${name}: ${type}`).join("; ");
  const names = declared.map(([name]) => name).join(", ");
  return `import { resolve } from "node:path"; import { PolicyPack } from "@pulumi/policy";
    import * as pulumi from "@pulumi/pulumi"; import * as dt from "pulumi-dt"; import { accessPolicies } from "pulumi-dt/policy";
    void [resolve, PolicyPack, accessPolicies, pulumi];
    export async function run({ ${names} }: { ${parameters} }): Promise<void> {
      void [${names}]; await Promise.resolve();
      ${code}
    }`;
}

/**
 * The errors that the compiler finds in the blocks, each with its place.
 *
 * @param others where to find packages that are not installed, by name
 */
export function complaintsAbout(
  all: readonly Block[],
  others: Readonly<Record<string, string[]>> = {},
): string[] {
  const { config } = ts.readConfigFile(`${repository}/tsconfig.json`, (file) => ts.sys.readFile(file)) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, repository);
  const paths = { "pulumi-dt": ["./sdk/index.ts"], "pulumi-dt/policy": ["./policy/index.ts"], ...others };
  const settings = { ...options, paths, noUnusedLocals: false, isolatedModules: false };
  // Beside the tests, so that packages are found from there.
  const files = new Map(all.map((block, index) => [`${repository}/tests/docs/block${index}.ts`, block]));
  const host = ts.createCompilerHost(settings);
  const onDisk = { ...host };
  const textOf = (name: string): string | undefined => {
    const block = files.get(name);
    return block && fileOf(block);
  };
  host.fileExists = (name) => files.has(name) || onDisk.fileExists(name);
  host.readFile = (name) => textOf(name) ?? onDisk.readFile(name);
  host.getSourceFile = (name, ...rest) => {
    const text = textOf(name);
    return text === undefined
      ? onDisk.getSourceFile(name, ...rest)
      : ts.createSourceFile(name, text, rest[0], true);
  };
  const program = ts.createProgram([...files.keys()], settings, host);
  return [...files].flatMap(([name, { place }]) =>
    [
      ...program.getSyntacticDiagnostics(program.getSourceFile(name)),
      ...program.getSemanticDiagnostics(program.getSourceFile(name)),
    ].map(({ messageText }) => `${place}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`),
  );
}

/** Runs a few lines against a cloud. The cloud answers lookups. Resources are registered without an engine. */
export async function runBlock(block: Block, { cloud, admin }: Emulator): Promise<string[]> {
  const made: string[] = [];
  const { outputText } = ts.transpileModule(fileOf(block), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const modules: Record<string, string> = { "pulumi-dt": "../../sdk", "pulumi-dt/policy": "../../policy" };
  const exported: { run?: (given: object) => Promise<void> } = {};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- runs the page's code
  new Function("require", "exports", outputText)(
    (name: string) => jest.requireActual<object>(modules[name] ?? name),
    exported,
  );
  pulumi.runtime.setAllConfig({
    "project:companyBKeyId": admin.keyId,
    "project:companyBKeySecret": admin.secret,
    "project:companyBEmail": admin.email,
  });
  await pulumi.runtime.setMocks({
    newResource({ type, name, inputs, id }) {
      made.push(`${type} ${name}`);
      return {
        id: id || `${name}-id`,
        state: { email: "made@p.serviceaccount.d21s.com", ...(inputs as object) },
      };
    },
    call: async ({ token, inputs }) => {
      const answer = await lookUp(token.split(":")[2] as keyof Lookups, inputs as never, () => undefined);
      return answer;
    },
  });
  const [organization = "", home = "", , , production = ""] = [
    ...cloud.organizations.list(),
    ...cloud.projects.list(),
  ].map(({ name }) => name);
  const account = new dt.ServiceAccount("given", { project: home, displayName: "Given" });
  made.length = 0;
  await exported.run?.({
    ...{ organization, home, production, projectOfB: production, account, accountOfA: account },
    ...{ emailOfA: admin.email, pulumiItself: admin.email, keyId: admin.keyId, email: admin.email },
    config: new pulumi.Config(),
    ...{ secretId: "erp", aws: { secretsmanager: { SecretVersion } } },
    erp: new dt.SystemAccess("given", { home, projects: {}, roles: {} }),
  });
  await pulumi.runtime.disconnect();
  return made.filter((each) => !each.endsWith(" given"));
}

/** Stands for a resource of another company's package. */
class SecretVersion extends pulumi.CustomResource {
  constructor(name: string, args: object) {
    super("aws:secretsmanager/secretVersion:SecretVersion", name, { ...args });
  }
}

export { isWhole };

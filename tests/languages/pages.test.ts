import { execa } from "execa";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exampleSeed } from "../../emulator/seed/exampleSeed";
import { lackOf } from "../../tools/pulumi-cli/languages";
import { complaintsAbout } from "../docs/program";
import { blocks, repository, usesPlugin } from "../docs/pages";
import { engineEnvironment } from "../engine/harness/environment";
import { stackIn, type CliStack } from "../engine/harness/cli";
import { packedProject } from "../engine/harness/packed";
import { scratchFolder } from "../engine/harness/scratch";
import { must, projectId, startCloud } from "../engine/patterns/example";
import { environmentWithPlugin } from "./installedPlugin";
import { ifPossible, lackOfGenerator, sdk } from "./sdk";

jest.setTimeout(300_000);

/** The only block of docs/any-language.md in a language that contains a text. */
function blockWith(language: string, text: string): string {
  const found = blocks.filter(
    ({ place, language: its, code }) =>
      place.startsWith("docs/any-language.md") && its === language && code.includes(text),
  );
  expect(found).toHaveLength(1);
  return found[0]?.code ?? "";
}

/** A YAML program with the plugin, in a cloud with the ids of the pages. */
async function yamlProgram(text: string) {
  const emulator = await startCloud({ seed: exampleSeed });
  const env = await environmentWithPlugin({ ...emulator.settings, DT_RATE_LIMIT: "off" });
  const folder = scratchFolder("yaml");
  writeFileSync(join(folder, "Pulumi.yaml"), text);
  return { emulator, program: await stackIn(folder, env) };
}

test("every TypeScript block for the plugin compiles with the generated SDK", async () => {
  await ifPossible(
    "the compiler of TypeScript blocks for the plugin",
    [await lackOfGenerator()],
    async () => {
      const source = await sdk("nodejs");
      symlinkSync(join(await packedProject(), "node_modules"), join(source, "node_modules"));
      const found = blocks.filter((block) => block.language === "ts" && usesPlugin(block));
      expect(found.length).toBeGreaterThan(1);
      const paths = { "pulumi-disruptive": [join(source, "index.ts")] };
      expect(complaintsAbout(found, paths)).toEqual([]);
      const wrong = found.map((block) => ({ ...block, code: block.code.replaceAll("member:", "members:") }));
      expect(complaintsAbout(wrong, paths)).not.toEqual([]);
    },
  );
});

test("the commands of the page copy the login to the plugin's namespace, and the secret stays one", async () => {
  const folder = scratchFolder("settings");
  writeFileSync(join(folder, "Pulumi.yaml"), "{ name: access, runtime: yaml }");
  const env = await engineEnvironment(scratchFolder("engine"));
  const login = { keyId: "c15k2al4ql8c73ek8qa0", email: "a@p.serviceaccount.d21s.com" };
  const stack = await stackIn(folder, env, {
    config: { "dt:keyId": login.keyId, "dt:email": login.email },
    secrets: { "dt:keySecret": "s3cret" },
  });
  await execa("bash", ["-e", "-c", blockWith("sh", "config get dt:keySecret")], {
    cwd: folder,
    env,
    stdin: "ignore",
  });
  expect((await must(stack.run("config", "--json", "--show-secrets"))).json()).toMatchObject({
    "disruptive:keyId": { value: login.keyId },
    "disruptive:email": { value: login.email },
    "disruptive:keySecret": { value: "s3cret", secret: true },
  });
});

test("the YAML program of the README runs", async () => {
  await ifPossible("the YAML program of the README", [await lackOf("yaml")], async () => {
    const [, yaml = ""] =
      /^```yaml\n([^]*?)^```$/m.exec(readFileSync(join(repository, "README.md"), "utf8")) ?? [];
    const { emulator, program } = await yamlProgram(yaml);
    await must(program.up());
    const members = emulator.cloud.members.list(`projects/${projectId(emulator, "Production")}`);
    expect(members.map(({ email, roles }) => `${email} ${roles.join()}`)).toContain(
      "jane@example.com roles/project.admin",
    );
  });
});

test("a key with overlap 0 deletes its previous key in the next update, or in the same one with a KeyRetirement", async () => {
  await ifPossible("a rotation without overlap in YAML", [await lackOf("yaml")], async () => {
    const head = "name: access\nruntime: yaml\n";
    const account =
      "    account: { type: disruptive:ServiceAccount, properties: { project: c14u9q095l47ccv1o3pg, displayName: ERP } }";
    const resources = blockWith("yaml", 'overlap: "0"')
      .replace("resources:\n", `resources:\n${account.slice(2)}\n`)
      .replace(/projects\/\S+\/serviceaccounts\/\S+/, "${account.id}");
    const { emulator, program } = await yamlProgram(head + resources);
    const rotate = async (text: string, incident: string): Promise<number> => {
      program.write("Pulumi.yaml", head + text.replace("incident: none", `incident: ${incident}`));
      return keysAfter(program);
    };
    const keysAfter = async (stack: CliStack): Promise<number> => {
      await must(stack.up());
      const erp = emulator.cloud.accounts.list().find(({ displayName }) => displayName === "ERP");
      return emulator.cloud.keys.list(erp?.name ?? "").length;
    };
    expect([await keysAfter(program), await rotate(resources, "1")]).toEqual([1, 1]);

    const alone = resources
      .replace(/^ {2}retirement:[^]*/m, "")
      .replace("retirement: afterDelivery", 'overlap: "0"');
    expect([await rotate(alone, "2"), await keysAfter(program)]).toEqual([2, 1]);
  });
});

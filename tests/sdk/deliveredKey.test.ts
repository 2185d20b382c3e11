import * as pulumi from "@pulumi/pulumi";
import * as dt from "../../sdk";
import { deliver } from "../../sdk/components/delivery";
import { runShell } from "./shell";
import { programFolder, registrationsOf, runAlone, secretOf, type Registered } from "./program";

const serviceAccount = "projects/p/serviceaccounts/s";

const credentials = JSON.stringify({ serviceAccount: { keyId: "k1", secret: "s1", email: "e@x.com" } });

const commandsOf = (app: dt.Target): Promise<Registered[]> =>
  registrationsOf(() => deliver("erp-app", app, pulumi.output(credentials), {}));

test("a target is a command that gets its credentials as a secret on standard input, and its output is a secret", async () => {
  const [delivery, verification] = await commandsOf({
    ...{ deliver: "put-it", verify: "look", delete: "take-back" },
    format: ({ keyId }) => `key ${keyId}`,
  });
  expect(delivery).toMatchObject({ type: "command:local:Command", name: "erp-app" });
  expect(delivery!.inputs.stdin).toEqual(secretOf("key k1"));
  expect(verification!.inputs.stdin).toEqual(secretOf(credentials));
  expect(delivery!.inputs).toMatchObject({ logging: "none", addPreviousOutputInEnv: false });
  expect(delivery!.inputs.create).toContain("\nput-it\n");
  expect(delivery!.inputs.delete).toContain("\ntake-back\n");
  // A replacement would withdraw what it has just delivered.
  expect(delivery!.inputs).not.toHaveProperty("triggers");
  expect(verification!.inputs.create).toContain("\nlook\n");
  for (const each of [delivery!, verification!]) {
    expect(each.additionalSecretOutputs).toEqual(expect.arrayContaining(["stdout", "stderr"]));
  }
});

test("a target on another machine is a command over SSH, with a secret connection", async () => {
  const connection = { host: "erp.example.com", user: "deploy", privateKey: "KEY" };
  const [delivery, verification] = await commandsOf({
    ...dt.credentialsFile({ path: "/etc/erp.json" }),
    verify: "look",
    connection,
  });
  for (const each of [delivery!, verification!]) {
    expect(each.type).toBe("command:remote:Command");
    expect(each.inputs.connection).toMatchObject(secretOf(expect.objectContaining(connection)));
  }
});

test("without @pulumi/command the error says how to install it", async () => {
  const folder = programFolder({ isInstalled: true });
  const text = `
    pulumi.runtime.setMocks({ newResource: ({ name }) => ({ id: name, state: {} }), call: () => ({}) });
    try {
      new dt.DeliveredKey("erp", { serviceAccount: "${serviceAccount}", targets: { app: { deliver: "cat" } } });
    } catch (error) { console.log(error.message); }`;
  expect(await runAlone(folder, text)).toBe(
    "delivering a key needs @pulumi/command, which is not installed: npm install @pulumi/command@1.2.1",
  );
});

test("a program that delivers nothing never loads @pulumi/command", async () => {
  const folder = programFolder({ isInstalled: true });
  const text = `console.log(Object.keys(require.cache).some((path) => path.includes("@pulumi/command")));`;
  expect(await runAlone(folder, text)).toBe("false");
});

describe("a command's guard", () => {
  const secret = "0123456789abcdef0123456789abcdef";
  async function run(deliver: string) {
    const [delivery] = await commandsOf({ deliver });
    const create = String(delivery!.inputs.create);
    return runShell(create, `{"secret":"${secret}"}`);
  }

  test("passes standard input on, drops the output, and hides a secret in the errors", async () => {
    const { stdout, stderr, exitCode } = await run(`cat | tee /dev/stderr`);
    expect({ stdout, stderr, exitCode }).toEqual({
      stdout: "",
      stderr: '{"secret":"[hidden]"}',
      exitCode: 0,
    });
  });

  test.each([
    ["base64", "base64"],
    ["base64 in short lines", "base64 -w 20"],
    ["base64 in one line", "base64 -w 0"],
    ["base64 of a part", "tr -dc 'a-f0-9' | base64"],
    ["a URL", `printf '%%7B%%22secret%%22%%3A%%22${secret}%%22'`],
    ["a URL that spells each character", `od -An -v -tx1 | tr -d '\\n' | tr ' ' '%'`],
  ])("hides a secret in %s", async (_, spell) => {
    const { stderr, exitCode } = await run(`${spell} >&2`);
    expect(exitCode).toBe(0);
    const seen = stderr.replaceAll("[hidden]", "").replace(/\s/g, "");
    for (const text of [
      Buffer.from(seen, "base64").toString(),
      decodeURIComponent(seen.replace(/%(?![0-9a-f]{2})/gi, "")),
      seen,
    ])
      for (let at = 0; at + 8 <= secret.length; at += 4) expect(text).not.toContain(secret.slice(at, at + 8));
  });

  test("leaves paths and words as they are", async () => {
    const said =
      "sh: can't create /etc/very-long-name-of-a-folder/of.another/usr/local/lib/node_modules: Permission denied (code=13)";
    expect((await run(`echo "${said}" >&2`)).stderr).toBe(said);
  });

  test.each(["exit 3", "false; (exit 3)", "exec sh -c 'exit 3'"])(
    "keeps the exit code of %s, and says what it means",
    async (command) => {
      const { stderr, exitCode } = await run(`echo reason >&2; ${command}`);
      expect(exitCode).toBe(3);
      expect(stderr).toBe(
        "reason\nthe delivery erp-app failed: the previous key keeps working, and the next pulumi up tries again",
      );
    },
  );

  test("supports commands of several lines, and a comment at the end", async () => {
    expect((await run("set -e\ncat > /dev/null\ntrue # that is all")).exitCode).toBe(0);
    expect((await run("set -e\nfalse\ntrue")).exitCode).toBe(1);
  });
});

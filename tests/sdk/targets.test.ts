import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { delimiter, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { execaSync } from "execa";
import * as dt from "../../sdk";
import { runShell } from "./shell";

const secret = "0123456789abcdef0123456789abcdef";
const serviceAccount: dt.Credentials = {
  ...{ keyId: "k1", secret, email: "erp@p.serviceaccount.d21s.com", algorithm: "HS256" },
  tokenEndpoint: "https://identity.disruptive-technologies.com/oauth2/token",
};
const credentials = JSON.stringify({ serviceAccount });

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "pulumi-dt-targets-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const textOf = (text: pulumi.Input<string>): Promise<string> =>
  new Promise((resolve) => pulumi.output(text).apply(resolve));

/** Runs a target's command like the plugin. The programs of a test come first on PATH. */
async function run(command: pulumi.Input<string> | undefined, input = credentials) {
  const env = { PATH: [folder, process.env.PATH].join(delimiter) };
  return runShell(await textOf(command ?? "exit 9"), input, { cwd: folder, env });
}

/** A program that records its arguments and its input, and then runs a script. */
function onPath(name: string, script = "true"): () => string {
  const log = join(folder, `${name}.log`);
  writeFileSync(join(folder, name), `#!/bin/sh\necho "$*" >> ${log}\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
  return () => readFileSync(log, "utf8");
}

describe("a credentials file", () => {
  const path = "some folder/it's $HOME.json";

  test("is complete, readable by its owner only, and replaced in one step", async () => {
    const target = dt.credentialsFile({ path });
    expect((await run(target.deliver)).exitCode).toBe(0);
    const file = join(folder, path);
    expect(readFileSync(file, "utf8")).toBe(credentials);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { ino } = statSync(file);
    chmodSync(file, 0o644);
    expect((await run(target.deliver, "{}")).exitCode).toBe(0);
    expect(readFileSync(file, "utf8")).toBe("{}");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    // Another file has been moved into its place, so nobody reads half of one.
    expect(statSync(file).ino).not.toBe(ino);
    expect(readdirSync(join(folder, "some folder"))).toEqual(["it's $HOME.json"]);
  });

  test("keeps its text if writing fails, and leaves nothing beside it", async () => {
    const target = dt.credentialsFile({ path, owner: "nobody-of-this-name" });
    await run(dt.credentialsFile({ path }).deliver, "{}");
    expect((await run(target.deliver)).exitCode).not.toBe(0);
    expect((await run(dt.credentialsFile({ path }).deliver, "")).exitCode).not.toBe(0);
    expect(readFileSync(join(folder, path), "utf8")).toBe("{}");
    expect(readdirSync(join(folder, "some folder"))).toHaveLength(1);
  });

  test("is removed again, and it is not a failure if it is already gone", async () => {
    const target = dt.credentialsFile({ path });
    await run(target.deliver);
    for (let count = 0; count < 2; count++) expect((await run(target.delete)).exitCode).toBe(0);
    expect(existsSync(join(folder, path))).toBe(false);
  });

  test("stays if another delivery has written it since", async () => {
    const target = dt.credentialsFile({ path });
    await run(target.deliver, "newer");
    expect(await run(target.delete)).toMatchObject({
      exitCode: 0,
      stderr: `kept some folder/it's $HOME.json: it does not hold what this resource delivered, so another one has written it since`,
    });
    expect(readFileSync(join(folder, path), "utf8")).toBe("newer");
  });

  test("is tested by logging in with its content", async () => {
    const npx = onPath("npx", `cat >> ${folder}/npx.log`);
    const target = dt.credentialsFile({ path, tryLogin: true });
    await run(target.deliver);
    expect((await run(target.verify, "")).exitCode).toBe(0);
    expect(npx()).toBe(`--no-install pulumi-dt verify --wait 30s\n${credentials}`);
  });
});

describe("a file's path", () => {
  const deliver = (path: string, owner?: string) =>
    run(dt.credentialsFile({ path, ...(owner === undefined ? {} : { owner }) }).deliver);
  const takeBack = (path: string) => run(dt.credentialsFile({ path }).delete);
  const at = (...path: string[]): string => join(folder, ...path);
  /** Every file in the folder that contains the secret. */
  const holders = (): string[] =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => lstatSync(at(name)).isFile() && readFileSync(at(name), "utf8").includes(secret))
      .sort();

  test.each([
    ["a folder", () => mkdirSync(at("dt.json")), "dt.json", "dt.json is there, and is no file"],
    [
      "a link to a folder",
      () => {
        mkdirSync(at("real"));
        symlinkSync("real", at("dt.json"));
      },
      "dt.json",
      "real is there, and is no file",
    ],
    [
      "a link to itself",
      () => symlinkSync("dt.json", at("dt.json")),
      "dt.json",
      "is a symbolic link that leads nowhere",
    ],
    [
      "a pipe",
      () => execaSync("/bin/sh", ["-c", 'mkfifo "$0"', at("dt.json")]),
      "dt.json",
      "dt.json is there, and is no file",
    ],
    ["a folder's name", () => undefined, "some/folder/", "some/folder/ names a folder, and not a file"],
    ["nowhere", () => undefined, "", "the path of the file is empty"],
    ["below a file", () => writeFileSync(at("file"), ""), "file/dt.json", "file"],
  ])("that is %s is an error, and nothing of the secret stays", async (_, arrange, path, words) => {
    arrange();
    const { exitCode, stderr } = await deliver(path);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain(words);
    expect(holders()).toEqual([]);
  });

  test.each(["-x/-dt.json", "-dt.json", "--help", "-rf", "a b/$(touch boo).json", "a*b?.json"])(
    "may be called %s",
    async (path) => {
      expect(await deliver(path)).toMatchObject({ exitCode: 0 });
      expect(holders()).toEqual([path]);
      expect((await takeBack(path)).exitCode).toBe(0);
      expect(holders()).toEqual([]);
    },
  );

  test("with symbolic links leads to the file that is written and removed", async () => {
    mkdirSync(at("real"));
    writeFileSync(at("real/dt.json"), "old");
    symlinkSync("real/dt.json", at("second"));
    symlinkSync(at("second"), at("first"));
    expect(await deliver("first")).toMatchObject({ exitCode: 0 });
    expect(holders()).toEqual(["real/dt.json"]);
    expect(lstatSync(at("first")).isSymbolicLink()).toBe(true);
    expect((await takeBack("first")).exitCode).toBe(0);
    expect(holders()).toEqual([]);
  });

  test("on a full disk keeps the old text, and no part of the new one", async () => {
    writeFileSync(at("dt.json"), "old");
    const full = pulumi.interpolate`ulimit -f 0\n${dt.credentialsFile({ path: "dt.json" }).deliver}`;
    expect((await run(full)).exitCode).not.toBe(0);
    expect(readFileSync(at("dt.json"), "utf8")).toBe("old");
    expect(readdirSync(folder)).toEqual(["dt.json"]);
  });

  test("is cleared of the leftovers of a killed delivery by the next delivery, and by the removal", async () => {
    const left = () => writeFileSync(at(".dt.json.new-abcdefgh"), credentials);
    left();
    writeFileSync(at(".other.json.new-abcdefgh"), "another's");
    await deliver("dt.json");
    expect(holders()).toEqual(["dt.json"]);
    left();
    await takeBack("dt.json");
    expect(holders()).toEqual([]);
    expect(readdirSync(folder)).toEqual([".other.json.new-abcdefgh"]);
  });

  test("is left clean by a delivery that a signal ends", async () => {
    const ended = await run(
      pulumi
        .output(dt.credentialsFile({ path: "dt.json" }).deliver)
        .apply((text) => text.replace('test -s "$new"', "kill -TERM $$")),
    );
    expect(ended.exitCode).not.toBe(0);
    expect(holders()).toEqual([]);
  });

  test("in a folder that is created for another owner is accessible to them", async () => {
    const me = userInfo().username;
    expect(await deliver("made/dt.json", me)).toMatchObject({ exitCode: 0 });
    expect(statSync(at("made")).mode & 0o777).toBe(0o755);
    expect(statSync(at("made/dt.json")).mode & 0o777).toBe(0o600);
    await deliver("own/dt.json");
    expect(statSync(at("own")).mode & 0o777).toBe(0o700);
  });
});

describe("an env file", () => {
  test("has the names that the vendor's clients read, or others", () => {
    expect(dt.envFile({ path: "x" }).format?.(serviceAccount)).toBe(
      `DT_SERVICE_ACCOUNT_KEY_ID=k1\nDT_SERVICE_ACCOUNT_SECRET=${secret}\nDT_SERVICE_ACCOUNT_EMAIL=erp@p.serviceaccount.d21s.com\n`,
    );
    const names = { keyId: "DT_API_KEY_ID", secret: "DT_API_KEY_SECRET", email: "DT_OIDC_EMAIL" };
    expect(dt.envFile({ path: "x", names }).format?.(serviceAccount)).toContain(
      `DT_API_KEY_SECRET=${secret}\n`,
    );
  });

  test("refuses a value that not every reader reads unchanged, without showing it", () => {
    expect(() => dt.envFile({ path: "x" }).format?.({ ...serviceAccount, secret: "a b" })).toThrow(
      /^the key's secret can't be written to an env file: use credentialsFile$/,
    );
  });
});

describe("a Kubernetes secret", () => {
  const target = dt.kubernetesSecret({ name: "dt", namespace: "erp", context: "prod" });

  test("is applied by the server, without the secret in an argument", async () => {
    const kubectl = onPath(
      "kubectl",
      `case $1 in create) echo "made of $(cat)";; *) cat >> ${folder}/kubectl.log;; esac`,
    );
    expect((await run(target.deliver)).exitCode).toBe(0);
    expect(kubectl()).toBe(
      `create secret generic dt --namespace=erp --from-file=credentials.json=/dev/stdin --dry-run=client --output=yaml
--context=prod apply --server-side --force-conflicts --filename=-
made of ${credentials}\n`,
    );
  });

  test("fails if either step fails", async () => {
    for (const failing of ["create", "--context=prod"]) {
      onPath("kubectl", `cat > /dev/null; test "$1" != ${failing}`);
      expect((await run(target.deliver)).exitCode).not.toBe(0);
    }
  });

  test("is deleted, or already gone", async () => {
    for (const script of ["true", "test $2 = delete", `test $2 = delete || printf %s '${credentials}'`]) {
      const kubectl = onPath("kubectl", script);
      expect((await run(target.delete)).exitCode).toBe(0);
      expect(kubectl()).toMatch(/\n--context=prod delete secret dt --namespace=erp --ignore-not-found\n$/);
    }
  });

  test("stays if another delivery has written it since", async () => {
    const kubectl = onPath("kubectl", "echo newer");
    expect(await run(target.delete)).toMatchObject({
      exitCode: 0,
      stderr:
        "kept the secret dt: it does not hold what this resource delivered, so another one has written it since",
    });
    expect(kubectl()).toBe(
      `--context=prod get secret dt --namespace=erp --ignore-not-found --output=go-template={{with index .data "credentials.json"}}{{. | base64decode}}{{end}}\n`,
    );
  });
});

describe("a GitHub secret", () => {
  const target = dt.githubSecret({ name: "DT_CREDENTIALS", repository: "acme/erp" });

  test("is set from standard input", async () => {
    const gh = onPath("gh", `cat >> ${folder}/gh.log`);
    expect((await run(target.deliver)).exitCode).toBe(0);
    expect(gh()).toBe(`secret set DT_CREDENTIALS --repo=acme/erp\n${credentials}`);
  });

  test.each([
    ["deleted", "true", 0],
    ["gone already", `case $2 in delete) exit 1;; *) echo OTHER;; esac`, 0],
    ["still there", `case $2 in delete) exit 1;; *) echo DT_CREDENTIALS;; esac`, 1],
    ["not to be seen", "exit 1", 1],
  ])("that is %s ends in %3$s", async (_, script, exitCode) => {
    onPath("gh", script);
    expect((await run(target.delete)).exitCode).toBe(exitCode);
  });
});

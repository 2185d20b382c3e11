import { readdirSync } from "node:fs";
import { dirname } from "node:path";
import { PINNED_VERSION } from "../../tools/pulumi-cli/version";
import { Machine, hostsAlone, pulumi } from "./standIns";

let machine: Machine;
beforeEach(() => (machine = new Machine()));
afterEach(() => machine.remove());

test("the pulumi on PATH is used if it is new enough and its hosts are beside it", async () => {
  const folder = machine.onPath("bin", pulumi("3.250.1"));
  expect(await machine.bootstrap()).toMatchObject({ exitCode: 0, stdout: folder, stderr: "" });
});

test("its hosts may be elsewhere on PATH", async () => {
  const folder = machine.onPath("bin", pulumi("3.248.0", []));
  machine.onPath("hosts", hostsAlone);
  expect(await machine.bootstrap()).toMatchObject({ exitCode: 0, stdout: folder });
});

test("the cache is used if the pulumi on PATH is too old", async () => {
  machine.onPath("bin", pulumi("3.247.9"));
  machine.folder(`cache/pulumi-dt/pulumi/${PINNED_VERSION}/bin`, pulumi(PINNED_VERSION));
  expect(await machine.bootstrap()).toMatchObject({ exitCode: 0, stdout: machine.cachedBin });
});

test("an unusable pulumi on PATH is named with the reason before another one is installed", async () => {
  machine.onPath("bin", pulumi("3.247.9"));
  machine.goOnPath();
  const { stdout, stderr } = await machine.bootstrap();
  expect(stderr).toContain("bin/pulumi is 3.247.9, older than 3.248.0");
  expect(stdout).toBe(machine.cachedBin);
});

test("a pulumi without its language host is skipped", async () => {
  machine.onPath("bin", pulumi("3.259.0", ["pulumi-resource-pulumi-nodejs"]));
  machine.goOnPath();
  const { stdout, stderr } = await machine.bootstrap();
  expect(stderr).toContain("bin/pulumi has no pulumi-language-nodejs");
  expect(stdout).toBe(machine.cachedBin);
});

test("without pulumi, download and Go it says what to install and fails", async () => {
  const { exitCode, stdout, stderr } = await machine.bootstrap();
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr).toContain("there is no pulumi on PATH, and none in our cache");
  expect(stderr).toContain("https://www.pulumi.com/docs/install/");
  expect(stderr).toContain("https://go.dev/doc/install");
});

test("a Go that is too old is treated as missing", async () => {
  machine.goOnPath(undefined, "go1.19.8");
  const { exitCode, stderr } = await machine.bootstrap();
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining("https://go.dev/doc/install")]);
  expect(machine.goCalls("build")).toEqual([]);
});

test("three runs at the same time build one Pulumi, which a later run finds", async () => {
  machine.goOnPath();
  const runs = await Promise.all([machine.bootstrap(), machine.bootstrap(), machine.bootstrap()]);
  expect(runs.map(({ stdout }) => stdout)).toEqual(Array(3).fill(machine.cachedBin));
  expect(machine.goCalls("build")).toHaveLength(2);
  expect(await machine.bootstrap()).toMatchObject({ stdout: machine.cachedBin, stderr: "" });
  expect(readdirSync(machine.cachedBin)).toEqual(Object.keys(pulumi("")).sort());
});

test("a build that fails shows the compiler's output, leaves no partial result, and is tried again", async () => {
  machine.goOnPath("echo no space left on device >&2; exit 1");
  const first = await machine.bootstrap();
  expect(first).toMatchObject({ exitCode: 1, stdout: "" });
  expect(first.stderr).toContain("no space left on device");
  expect(readdirSync(dirname(dirname(dirname(machine.cachedBin))))).toEqual(["pulumi"]);
  expect(readdirSync(dirname(dirname(machine.cachedBin)))).toEqual([]);
  await machine.bootstrap();
  expect(machine.goCalls("build")).toHaveLength(2);
});

/** Puts a `pulumi` like the ones that we build into the cache. */
const cached = () => machine.folder(`cache/pulumi-dt/pulumi/${PINNED_VERSION}/bin`, pulumi(PINNED_VERSION));

test("hosts for other languages are built on request, each once, after a message", async () => {
  cached();
  machine.goOnPath();
  const first = await machine.bootstrap("--languages", "yaml,python");
  expect(first).toMatchObject({ exitCode: 0, stdout: machine.cachedBin });
  expect(first.stderr).toMatch(/building pulumi-language-yaml .*\n.*\nbuilding pulumi-language-python /);
  expect(readdirSync(machine.cachedBin)).toEqual([
    "pulumi",
    "pulumi-language-nodejs",
    "pulumi-language-python",
    "pulumi-language-python-exec",
    "pulumi-language-yaml",
    "pulumi-resource-pulumi-nodejs",
    "pulumi-resource-pulumi-python",
  ]);
  expect(readdirSync(dirname(dirname(machine.cachedBin)))).toEqual([PINNED_VERSION]);
  expect(await machine.bootstrap("--languages", "yaml,python")).toMatchObject({ stderr: "" });
  expect(machine.goCalls("build")).toHaveLength(2);
});

test("two runs at the same time build a host once", async () => {
  cached();
  machine.goOnPath();
  await Promise.all([machine.bootstrap("--languages", "go"), machine.bootstrap("--languages", "go")]);
  expect(machine.goCalls("build")).toHaveLength(1);
});

test("nothing is built if the hosts are beside the pulumi on PATH", async () => {
  const all = ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs", "pulumi-language-yaml"];
  const folder = machine.onPath("bin", pulumi("3.250.1", all));
  expect(await machine.bootstrap("--languages", "yaml")).toMatchObject({ stdout: folder, stderr: "" });
});

test("nothing is added to a pulumi that somebody else has installed", async () => {
  const folder = machine.onPath("bin", pulumi("3.250.1"));
  machine.goOnPath();
  const { exitCode, stderr } = await machine.bootstrap("--languages", "go");
  expect([exitCode, stderr]).toEqual([
    1,
    expect.stringContaining(
      `The Pulumi CLI in ${folder} has no pulumi-language-go. Install the official CLI`,
    ),
  ]);
  expect(readdirSync(folder)).toEqual(Object.keys(pulumi("")).sort());
});

test("without Go, it says how to get the host", async () => {
  cached();
  const { exitCode, stderr } = await machine.bootstrap("--languages", "python");
  expect(exitCode).toBe(1);
  expect(stderr).toContain("No Go to build pulumi-language-python with.");
  expect(stderr).toContain("https://www.pulumi.com/docs/install/");
});

test("a language without a host is an error that names the others", async () => {
  const { exitCode, stderr } = await machine.bootstrap("--languages", "ruby");
  expect([exitCode, stderr]).toEqual([1, '"ruby" is not one of these languages: yaml, python, go']);
});

import { join } from "node:path";
import { execa } from "execa";

const root = join(__dirname, "../..");

/** The packages that a process has loaded after it has loaded one of our entries, according to Node's own loader. */
async function packagesLoadedBy(entry: string): Promise<Set<string>> {
  const text = `require(${JSON.stringify(join(root, entry))}); console.log(JSON.stringify(Object.keys(require.cache)));`;
  const args = ["--require", require.resolve("tsx/cjs"), "--eval", text];
  const { stdout } = await execa(process.execPath, args, { cwd: root });
  const files = (JSON.parse(stdout) as string[]).filter((file) => file.includes("/node_modules/"));
  return new Set(files.map((file) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)![1]!));
}

// The engine starts the provider again for each phase of each command, and most phases send few or no
// requests.
test("the provider does not load packages that only a request or a login needs", async () => {
  const loaded = await packagesLoadedBy("provider/index.ts");
  // Shows that the count works.
  expect(loaded).toContain("valibot");
  for (const late of ["got", "jose", "p-queue", "http-proxy-agent", "https-proxy-agent", "@pulumi/pulumi"])
    expect(loaded).not.toContain(late);
});

test("the SDK adds only Pulumi to a program, which has already loaded it", async () => {
  const loaded = await packagesLoadedBy("sdk/index.ts");
  expect(loaded).toContain("@pulumi/pulumi");
  for (const ours of ["got", "jose", "p-queue", "valibot", "dataloader"]) expect(loaded).not.toContain(ours);
});

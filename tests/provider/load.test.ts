import { join } from "node:path";
import { execa } from "execa";

const root = join(__dirname, "../..");

/** The packages that a process has loaded once it has loaded one of our entries, as Node's own loader tells. */
async function packagesLoadedBy(entry: string): Promise<Set<string>> {
  const text = `require(${JSON.stringify(join(root, entry))}); console.log(JSON.stringify(Object.keys(require.cache)));`;
  const args = ["--require", require.resolve("tsx/cjs"), "--eval", text];
  const { stdout } = await execa(process.execPath, args, { cwd: root });
  const files = (JSON.parse(stdout) as string[]).filter((file) => file.includes("/node_modules/"));
  return new Set(files.map((file) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)![1]!));
}

// The engine starts the provider anew for each phase of each command, and most phases ask the cloud little or nothing.
test("the provider loads without what only a request or a login needs", async () => {
  const loaded = await packagesLoadedBy("provider/index.ts");
  // The way of counting is worth something.
  expect(loaded).toContain("valibot");
  for (const late of ["got", "jose", "p-queue", "http-proxy-agent", "https-proxy-agent", "@pulumi/pulumi"])
    expect(loaded).not.toContain(late);
});

test("the sdk adds nothing to a program but Pulumi, which it has already", async () => {
  const loaded = await packagesLoadedBy("sdk/index.ts");
  expect(loaded).toContain("@pulumi/pulumi");
  for (const ours of ["got", "jose", "p-queue", "valibot", "dataloader"]) expect(loaded).not.toContain(ours);
});

import { execa } from "execa";
import { coerce, gte } from "semver";
import { downloadBrowser, findBrowser } from "./browser";
import type { ManagerName } from "./packageManager";
import { succeeds } from "./succeeds";

/** Something that the tests need from the machine. */
export interface Tool {
  /** The name that people use. */
  readonly name: string;
  readonly why: string;
  isThere(): Promise<boolean>;
  /** The packages that contain it, by package manager. */
  readonly packages: Partial<Record<ManagerName, string>>;
  /** How to get it without a package manager. @throws if that fails */
  readonly download?: { readonly what: string; run(): Promise<void> };
}

/** Only needed to build the Pulumi CLI, its language hosts and the generator of the SDKs. */
export const goCompiler: Tool = {
  name: "Go, 1.21 or later",
  why: "builds the Pulumi CLI, which can be neither found nor downloaded",
  async isThere() {
    const { stdout, failed } = await execa("go", ["version"], { reject: false, stdin: "ignore" });
    // Since 1.21, Go downloads the version that a module asks for. Distributions have older ones.
    return !failed && gte(coerce(/go(\d+\.\d+)/.exec(stdout)?.[1]) ?? "0.0.0", "1.21.0");
  },
  packages: { "apt-get": "golang-go", dnf: "golang", apk: "go", brew: "go" },
};

/** The tools that the tests need. */
export const tools: readonly Tool[] = [
  {
    name: "git",
    why: "tests install the package from a repository",
    isThere: () => succeeds("git", "--version"),
    packages: { "apt-get": "git", dnf: "git", apk: "git", brew: "git" },
  },
  {
    name: "Python 3 with venv",
    why: "the vendor's Python client runs against the emulator",
    isThere: () => succeeds("python3", "-c", "import ensurepip, venv"),
    packages: { "apt-get": "python3 python3-venv", dnf: "python3", apk: "python3", brew: "python" },
  },
  {
    name: "script",
    why: "lends a terminal to commands that ask before they remove",
    isThere: () =>
      succeeds("script", "-q", ...(process.platform === "darwin" ? [] : ["-c", "true"]), "/dev/null"),
    packages: { "apt-get": "bsdutils", dnf: "util-linux-script", apk: "util-linux-misc" },
  },
  {
    name: "a browser (Chromium, Chrome or Edge)",
    why: "reads the HTML report",
    isThere: async () => (await findBrowser()) !== undefined,
    packages: { "apt-get": "chromium", dnf: "chromium", apk: "chromium" },
    download: { what: "Chromium with playwright-core (some 170 MB)", run: downloadBrowser },
  },
];

import { execa } from "execa";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PINNED_VERSION } from "../../tools/pulumi-cli/version";

const REPOSITORY = join(__dirname, "../..");
const HOSTS = ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];

/** A separate machine for the bootstrap: an empty cache, and only the programs that a test puts on its PATH. */
export class Machine {
  readonly root = mkdtempSync(join(tmpdir(), "pulumi-dt-machine-"));
  readonly cachedBin = join(this.root, "cache/pulumi-dt/pulumi", PINNED_VERSION, "bin");
  private readonly path: string[] = [];

  /** Puts a folder with these programs on PATH. Each is the text of a shell script. */
  onPath(name: string, scripts: Record<string, string>): string {
    const folder = this.folder(name, scripts);
    this.path.push(folder);
    return folder;
  }

  /** Creates a folder with these programs. */
  folder(name: string, scripts: Record<string, string>): string {
    const folder = join(this.root, name);
    mkdirSync(folder, { recursive: true });
    for (const [file, script] of Object.entries(scripts)) {
      writeFileSync(join(folder, file), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }
    return folder;
  }

  /** A `go` that records its calls and creates a `pulumi` of the pinned version instead of compiling for minutes. */
  goOnPath(
    build = `printf '#!/bin/sh\\necho v${PINNED_VERSION}\\n' > "$6" && /bin/chmod +x "$6"`,
    version = "go1.25.0",
  ): void {
    const sdk = this.folder("sdk", {});
    this.folder("sdk/nodejs/dist", { "pulumi-resource-pulumi-nodejs": "" });
    this.folder("sdk/python/dist", { "pulumi-resource-pulumi-python": "" });
    this.folder("sdk/python/cmd", { "pulumi-language-python-exec": "" });
    this.onPath("go", {
      go: `echo "$*" >> ${this.root}/go.log\ncase $1 in version) echo go version ${version} linux/amd64;; list) echo ${sdk};; build) ${build};; esac`,
    });
  }

  /** The calls of `go` so far, one on each line. */
  goCalls(verb: string): string[] {
    const log = readFileSync(join(this.root, "go.log"), "utf8").split("\n");
    return log.filter((line) => line.startsWith(`${verb} `));
  }

  /** Runs the bootstrap of the Pulumi CLI as `make` does. */
  bootstrap(...args: string[]) {
    return this.run("tools/pulumi-cli/main.ts", {}, args);
  }

  /** Runs one of our programs, with nothing else in its environment. */
  run(main: string, env: Record<string, string> = {}, args: string[] = []) {
    return execa(process.execPath, ["--import", "tsx", join(REPOSITORY, main), ...args], {
      cwd: REPOSITORY,
      env: {
        ...env,
        PATH: this.path.join(":"),
        HOME: this.root,
        XDG_CACHE_HOME: join(this.root, "cache"),
        PULUMI_DT_NO_DOWNLOAD: "1",
      },
      extendEnv: false,
      reject: false,
      stdin: "ignore",
    });
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** The scripts of a Pulumi of this version, by default with its hosts. */
export function pulumi(version: string, hosts: string[] = HOSTS): Record<string, string> {
  return { pulumi: `echo v${version}`, ...Object.fromEntries(hosts.map((host) => [host, ""])) };
}

/** Only the hosts. */
export const hostsAlone = Object.fromEntries(HOSTS.map((host) => [host, ""]));

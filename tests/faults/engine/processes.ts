import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Kills the processes of the dynamic provider and of the plugin that were started in a folder, as a crash would. Linux only. */
export async function killProviders(folder: string): Promise<void> {
  const victims = providersOf(folder);
  if (victims.length === 0) throw new Error(`no provider runs for ${folder}`);
  for (const pid of victims) process.kill(pid, "SIGKILL");
  while (providersOf(folder).length > 0) await new Promise((later) => setTimeout(later, 10));
}

function providersOf(folder: string): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter(
      (pid) =>
        pid > 0 &&
        pid !== process.pid &&
        /dynamic-provider|pulumi-resource-disruptive/.test(read(`/proc/${pid}/cmdline`)),
    )
    .filter((pid) => read(`/proc/${pid}/environ`).includes(folder) || cwdOf(pid) === folder);
}

function cwdOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return "";
  }
}

/** Returns "" for a process that has ended or belongs to another user. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

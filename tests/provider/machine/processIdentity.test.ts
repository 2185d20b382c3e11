import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { isRunning, signature, signerOf, thisProcess } from "../../../provider/machine/processIdentity";

/** A process that runs until it is killed, and its own identity. */
async function startProcess() {
  const child = spawn("sleep", ["60"]);
  await once(child, "spawn");
  const end = async (): Promise<void> => {
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  return { pid: child.pid!, end };
}

test("a process is told apart from another one that has received its id", async () => {
  const { pid, end } = await startProcess();
  try {
    // From an earlier version, which wrote no mark.
    expect(isRunning({ pid, mark: "" })).toBe(true);
    expect(isRunning({ pid, mark: thisProcess().mark })).toBe(false);
  } finally {
    await end();
  }
  expect(isRunning({ pid, mark: "" })).toBe(false);
});

test("this process recognizes itself, and treats a file without a mark as one of an earlier process", () => {
  expect(thisProcess().mark).toMatch(/^[\da-f]{16}$/);
  expect(isRunning(thisProcess())).toBe(true);
  expect(isRunning({ pid: process.pid, mark: "" })).toBe(false);
});

test("a file's name identifies its process, also in the form of an earlier version", () => {
  expect(signerOf(`2026-01-01T00-00-00.000Z-${signature()}`)).toEqual(thisProcess());
  expect(signerOf("2026-01-01T00-00-00.000Z-77-01234567-89ab-cdef-0123-456789abcdef")).toEqual({
    pid: 77,
    mark: "",
  });
  expect(signerOf("notes")).toBeUndefined();
});

test("a process that has ended does not count as running, even if its parent has not noticed", () => {
  // The shell starts a process and becomes one that never waits for it.
  const script = "true & echo $!; exec sleep 0.5";
  const { stdout } = spawnSync("sh", ["-c", script], { encoding: "utf8" });
  expect(isRunning({ pid: Number(stdout), mark: "" })).toBe(false);
});

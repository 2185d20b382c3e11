import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { isRunning, signature, signerOf, thisProcess } from "../../../provider/machine/processIdentity";

/** A process that runs until it is killed, and what it says of itself. */
async function startProcess() {
  const child = spawn("sleep", ["60"]);
  await once(child, "spawn");
  const end = async (): Promise<void> => {
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  return { pid: child.pid!, end };
}

test("a process is told from another one that has got its id", async () => {
  const { pid, end } = await startProcess();
  try {
    // Of an earlier version, which wrote no mark.
    expect(isRunning({ pid, mark: "" })).toBe(true);
    expect(isRunning({ pid, mark: thisProcess().mark })).toBe(false);
  } finally {
    await end();
  }
  expect(isRunning({ pid, mark: "" })).toBe(false);
});

test("this process knows itself, and takes a file without a mark for that of an earlier process", () => {
  expect(thisProcess().mark).toMatch(/^[\da-f]{16}$/);
  expect(isRunning(thisProcess())).toBe(true);
  expect(isRunning({ pid: process.pid, mark: "" })).toBe(false);
});

test("a file's name tells its process, in the form of an earlier version too", () => {
  expect(signerOf(`2026-01-01T00-00-00.000Z-${signature()}`)).toEqual(thisProcess());
  expect(signerOf("2026-01-01T00-00-00.000Z-77-01234567-89ab-cdef-0123-456789abcdef")).toEqual({
    pid: 77,
    mark: "",
  });
  expect(signerOf("notes")).toBeUndefined();
});

test("a process that has ended, and whose parent has not noticed, does not run", () => {
  // The shell starts a process, and becomes one that never asks for it.
  const script = "true & echo $!; exec sleep 0.5";
  const { stdout } = spawnSync("sh", ["-c", script], { encoding: "utf8" });
  expect(isRunning({ pid: Number(stdout), mark: "" })).toBe(false);
});

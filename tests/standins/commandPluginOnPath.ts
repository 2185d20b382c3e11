import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { notRun } from "../report/atEnd";

/** The plugin of @pulumi/command that the tests of a file run with. Their output names it. */
export interface CommandPlugin {
  readonly name: "the real plugin" | "our stand-in, not the real plugin";
  /** Puts the plugin on a PATH. @param scratch an empty folder */
  onPath(path: string, scratch: string): string;
}

const program = "pulumi-resource-command";

/**
 * Finds the real plugin on PATH or in Pulumi's downloads, or uses the stand-in. The run of all tests reports
 * at its end if the real one was missing. Synchronous, because the tests' names include the plugin.
 */
export function findCommandPlugin(): CommandPlugin {
  const found = find();
  if (found.name !== "the real plugin")
    notRun("Not run: the real plugin of @pulumi/command. Delivery of keys ran on our stand-in for it.");
  return found;
}

function find(): CommandPlugin {
  const folders = [
    ...(process.env.PATH ?? "").split(delimiter),
    join(homedir(), ".pulumi/plugins/resource-command-v1.2.1"),
  ];
  const real = folders.find((folder) => existsSync(join(folder, program)));
  if (real !== undefined) {
    return { name: "the real plugin", onPath: (path) => [real, path].join(delimiter) };
  }
  return {
    name: "our stand-in, not the real plugin",
    onPath(path, scratch) {
      mkdirSync(scratch, { recursive: true });
      const tsx = require.resolve("tsx");
      const words = [process.execPath, "--import", tsx, join(__dirname, "commandPlugin.ts")];
      const script = `#!/bin/sh\nexec ${words.map((word) => `'${word}'`).join(" ")}\n`;
      writeFileSync(join(scratch, program), script, { mode: 0o755 });
      return [scratch, path].join(delimiter);
    },
  };
}

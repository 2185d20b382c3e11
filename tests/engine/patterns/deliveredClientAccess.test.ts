import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as dt from "../../../sdk";
import { findCommandPlugin } from "../../standins/commandPluginOnPath";
import * as engine from "../harness/engine";
import { scratchFolder } from "../harness/scratch";
import { startCloud, visit } from "./example";

const plugin = findCommandPlugin();

// The tested plugin is part of the name, so that the output shows it.
test(`the monitoring system gets A's key, and each new one, and has the access that B granted, on ${plugin.name}`, async () => {
  process.env.PATH = plugin.onPath(process.env.PATH ?? "", scratchFolder("plugin"));
  const emulator = await startCloud();
  const { cloud } = emulator;
  const [home = "", ofB = ""] = cloud.projects.list().map(({ name }) => name);
  const path = join(scratchFolder("monitoring"), "client-b.json");
  let incident = "none";
  const stack = await engine.stack({
    env: { ...emulator.settings, DT_RATE_LIMIT: "off" },
    program: () => {
      const access = new dt.ClientAccess("client-b", {
        ...{ project: home, client: "Client B", company: "Company A" },
        key: { rotationTriggers: { incident }, targets: { monitoring: dt.credentialsFile({ path }) } },
      });
      return Promise.resolve({ email: access.email });
    },
  });
  await stack.up();
  const { email } = await stack.outputs();
  cloud.members.create({ scope: ofB, email: String(email), roles: ["roles/project.user"] });
  const reachable = async () => (await visit(emulator, readFileSync(path, "utf8"))).projects();
  const [name] = await reachable();
  expect(cloud.projects.get(ofB)?.displayName).toBe(name);

  const before = readFileSync(path, "utf8");
  incident = "2026-11-24";
  await stack.up();
  expect(readFileSync(path, "utf8")).not.toBe(before);
  expect(await reachable()).toEqual([name]);
});

import type { Resource } from "../provider/contract/resource.js";
import type { Front } from "../provider/lifecycle/lifecycle.js";
import { orphanReporters } from "../provider/orphanReporters.js";
import { resources } from "../provider/resources/all.js";
import { sessionFor } from "../provider/session/session.js";
import { deadlineOf, settingsOf, settingsProblem } from "../provider/session/settings.js";
import { currentConfig } from "./providerMethods.js";
import { serve, type Served } from "./served.js";

const front: Front = {
  settings: () => settingsOf(currentConfig()),
  open: () => sessionFor(currentConfig()),
  orphanReporters,
};

let served: Readonly<Record<string, Served>> | undefined;

/** All kinds of resources, by the last part of their type. */
export const kinds = (): Readonly<Record<string, Served>> =>
  (served ??= {
    Project: ours(resources.Project),
    ServiceAccount: ours(resources.ServiceAccount),
    ServiceAccountKey: ours(resources.ServiceAccountKey),
    KeyRetirement: ours(resources.KeyRetirement),
    ProjectRoleBinding: ours(resources.ProjectRoleBinding),
    OrgAdminBinding: ours(resources.OrgAdminBinding),
    ProjectAccess: ours(resources.ProjectAccess),
    OrganizationAccess: ours(resources.OrganizationAccess),
  } satisfies Record<keyof typeof resources, Served>);

const ours = <Inputs extends object, Outputs extends object>(resource: Resource<Inputs, Outputs>): Served =>
  serve(resource, front, {
    problem: () => settingsProblem(currentConfig()),
    deadline: () => deadlineOf(currentConfig()),
  });

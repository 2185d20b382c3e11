import type { CloudState } from "./cloudState";
import { newId } from "./ids";
import type { Project } from "./resources";
import { deleteAccount } from "./serviceAccounts";

export function createProject(
  cloud: CloudState,
  given: { organization: string; displayName: string; id?: string } & Partial<Omit<Project, "name">>,
): Project {
  const { id = newId(cloud.clock.now()), organization, displayName, ...rest } = given;
  return cloud.projects.add({
    name: `projects/${id}`,
    displayName,
    organization,
    inventory: false,
    sensorCount: 0,
    cloudConnectorCount: 0,
    location: { latitude: null, longitude: null, timeLocation: "" },
    labels: {},
    ...rest,
  });
}

/** Also deletes its memberships and service accounts. */
export function deleteProject(cloud: CloudState, project: Project): void {
  for (const account of cloud.accounts.list(project.name)) deleteAccount(cloud, account);
  for (const member of cloud.members.list(project.name)) cloud.members.remove(member);
  cloud.projects.remove(project);
}

import { KeyBody, ServiceAccountBody } from "../bodies/serviceAccounts.js";
import type { Api } from "../http/client.js";
import { listAll } from "./list.js";

export const listServiceAccounts = (api: Api, project: string): Promise<ServiceAccountBody[]> =>
  listAll(api, `${project}/serviceaccounts`, "serviceAccounts", ServiceAccountBody);

export const listKeys = (api: Api, serviceAccount: string): Promise<KeyBody[]> =>
  listAll(api, `${serviceAccount}/keys`, "keys", KeyBody);

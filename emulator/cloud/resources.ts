import type { ClockState } from "./clock";

export interface Organization {
  name: string;
  displayName: string;
}

export interface Project {
  name: string;
  displayName: string;
  /** `organizations/<id>` */
  organization: string;
  inventory: boolean;
  sensorCount: number;
  cloudConnectorCount: number;
  location: { latitude: number | null; longitude: number | null; timeLocation: string };
  labels: Record<string, string>;
}

export interface ServiceAccount {
  name: string;
  email: string;
  displayName: string;
  enableBasicAuth: boolean;
  /** RFC 3339 in UTC with microseconds, like all times here. */
  createTime: string;
  updateTime: string;
}

export interface Key {
  name: string;
  id: string;
  createTime: string;
  /** The API returns it only once, when the key is created. */
  secret: string;
}

export interface Member {
  /** `projects/<id>/members/<id>` or `organizations/<id>/members/<id>` */
  name: string;
  displayName: string;
  roles: string[];
  /** `PENDING` or `ACCEPTED` */
  status: string;
  email: string;
  /** `USER` or `SERVICE_ACCOUNT` */
  accountType: string;
  createTime: string;
}

/** A person. `known` after they accepted an invitation. */
export interface User {
  /** `users/<number>`, where the number is the person's member id. */
  name: string;
  email: string;
  displayName: string;
  known: boolean;
}

/** An invitation mail. The emulator records it and does not send it. */
export interface Mail {
  to: string;
  /** The projects or organizations the person is invited to. A batch sends one mail for all. */
  scopes: string[];
  time: string;
}

export interface Token {
  token: string;
  /** Name of the service account. */
  account: string;
  email: string;
  keyId: string;
  /** Seconds since 1970 on the emulator's clock. */
  expiresAt: number;
}

/** The service account that the five settings log in as. */
export interface AdminLogin {
  name: string;
  email: string;
  keyId: string;
  secret: string;
}

/** The whole state of a cloud, as a data file stores it. */
export interface CloudSnapshot {
  organizations: Organization[];
  projects: Project[];
  accounts: ServiceAccount[];
  keys: Key[];
  users: User[];
  members: Member[];
  mails: Mail[];
  tokens: Token[];
  admin: AdminLogin | null;
  clock: ClockState;
  nextUserId: number;
}

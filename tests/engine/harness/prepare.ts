// Makes the packed project before any test runs, so that no test's time-out has to hold an npm install.
import { packedProject } from "./packed";

void packedProject();

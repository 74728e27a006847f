export { REDIRECT, startIdentityProvider, type IdentityProvider } from "./identityProvider.ts";

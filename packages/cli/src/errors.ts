import { TenancyError } from "@af-tenancy/core";

/** Thrown when a command is called in a way that cannot be meant; nothing was done. */
export class UsageError extends TenancyError {
  readonly code = "USAGE";
  override readonly status = 422;
}

/** Thrown when no configuration of an application was found. */
export class ConfigNotFoundError extends TenancyError {
  readonly code = "CONFIG_NOT_FOUND";
}

/** Thrown when a configuration is there and cannot be loaded, or is none. */
export class ConfigNotLoadedError extends TenancyError {
  readonly code = "CONFIG_NOT_LOADED";
}

/** Thrown when an application does not come up in the time that it may take. */
export class StartTimeoutError extends TenancyError {
  readonly code = "START_TIMEOUT";
  override readonly status = 503;
}

/** Thrown when the module that was to be run is not there or cannot be loaded; nothing was done. */
export class ScriptNotLoadedError extends TenancyError {
  readonly code = "SCRIPT_NOT_LOADED";
}

/** Thrown when a file cannot be written where it is to be; what is there is as it was. Or what a command gives to stdout. */
export class FileNotWrittenError extends TenancyError {
  readonly code = "FILE_NOT_WRITTEN";
}

/** Thrown when what was to be done for one tenant of many did not succeed. */
export class TurnFailedError extends TenancyError {
  readonly code = "TURN_FAILED";
}

/** Thrown when DNS does not have the record that proves a domain. */
export class DomainNotProvedError extends TenancyError {
  readonly code = "DOMAIN_NOT_PROVED";
}

/** Thrown when another command migrates this fleet; nothing was done. */
export class MigratingAlreadyError extends TenancyError {
  readonly code = "MIGRATING_ALREADY";
  override readonly status = 409;
}

/** Thrown when a project could not be made ready; it is as it was before. */
export class InstallFailedError extends TenancyError {
  readonly code = "INSTALL_FAILED";
}

/** Told when the process ends before its command is through; what is journalled goes on where it was. */
export class ProcessEndedError extends TenancyError {
  readonly code = "PROCESS_ENDED";
}

/** Thrown when somebody stopped the command; what is journalled goes on where it was. */
export class InterruptedError extends TenancyError {
  readonly code = "INTERRUPTED";
}

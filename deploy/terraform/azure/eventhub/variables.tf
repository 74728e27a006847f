variable "name" {
  description = "The namespace's name, which nobody else in Azure may have."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9-]{4,48}[A-Za-z0-9]$", var.name))
    error_message = "A namespace's name has 6 to 50 letters, digits and hyphens, and begins with a letter."
  }
}

variable "resource_group" {
  description = "The name of the resource group, which exists already."
  type        = string
  nullable    = false
}

variable "location" {
  description = "The region, such as westeurope."
  type        = string
  nullable    = false
}

variable "subscriptions" {
  description = "Ids of the subscriptions whose activity logs are sent. All belong to one tenant."
  type        = set(string)
  nullable    = false

  validation {
    condition     = alltrue([for id in var.subscriptions : can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", id))])
    error_message = "Name subscriptions by their ids: no names, and no /subscriptions/ in front."
  }
}

variable "entra_logs" {
  description = "Categories of Entra ID's logs that are sent. Whoever applies this must be a Security Administrator of the tenant; sign-ins need a licence of Entra ID P1 or P2."
  type        = set(string)
  nullable    = false
  default     = []

  validation {
    condition = length(setsubtract(var.entra_logs, [
      "AuditLogs", "SignInLogs", "NonInteractiveUserSignInLogs", "ServicePrincipalSignInLogs", "ManagedIdentitySignInLogs", "ADFSSignInLogs", "MicrosoftServicePrincipalSignInLogs",
      "UserRiskEvents", "RiskyUsers", "ServicePrincipalRiskEvents", "RiskyServicePrincipals",
    ])) == 0
    error_message = "Corduroy reads AuditLogs, the sign-ins (SignInLogs, NonInteractiveUserSignInLogs, ServicePrincipalSignInLogs, ManagedIdentitySignInLogs, ADFSSignInLogs, MicrosoftServicePrincipalSignInLogs) and the risks (UserRiskEvents, RiskyUsers, ServicePrincipalRiskEvents, RiskyServicePrincipals)."
  }
}

variable "reader" {
  description = "The object id of the service principal that reads the hub."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", var.reader))
    error_message = "This is not an object id. It is that of the service principal (the enterprise application), not that of the application."
  }
}

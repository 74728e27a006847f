variable "storage_account" {
  description = "The resource id of the storage account, which exists already."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^/subscriptions/[0-9a-fA-F-]{36}/resourceGroups/[^/]+/providers/Microsoft.Storage/storageAccounts/[a-z0-9]{3,24}$", var.storage_account))
    error_message = "Name the account by its resource id: /subscriptions/.../resourceGroups/.../providers/Microsoft.Storage/storageAccounts/NAME."
  }
}

variable "containers" {
  description = "Names of the containers, such as insights-activity-logs, which exist already."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.containers) > 0 && alltrue([for name in var.containers : can(regex("^([a-z0-9]-?){2,62}[a-z0-9]$", name)) && length(name) <= 63])
    error_message = "A container's name has 3 to 63 small letters, digits and single hyphens."
  }
}

variable "reader" {
  description = "The object id of the service principal that reads."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", var.reader))
    error_message = "This is not an object id. It is that of the service principal (the enterprise application), not that of the application."
  }
}

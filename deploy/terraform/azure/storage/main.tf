# Lets one application read given containers of a storage account, and nothing else in it.

terraform {
  required_version = ">= 1.5"
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 4.55, < 5.0"
    }
  }
}

resource "azurerm_role_assignment" "this" {
  for_each             = var.containers
  scope                = "${var.storage_account}/blobServices/default/containers/${each.value}"
  role_definition_name = "Storage Blob Data Reader"
  principal_id         = var.reader
}

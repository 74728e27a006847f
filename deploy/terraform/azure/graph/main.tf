# An application that may read a tenant's sign-ins and directory audits from Microsoft Graph. Applying it is the administrator's consent.

terraform {
  required_version = ">= 1.5"
  required_providers {
    azuread = {
      source  = "hashicorp/azuread"
      version = ">= 3.7, < 4.0"
    }
  }
}

data "azuread_client_config" "this" {}

data "azuread_application_published_app_ids" "well_known" {}

data "azuread_service_principal" "graph" {
  client_id = data.azuread_application_published_app_ids.well_known.result["MicrosoftGraph"]
}

locals {
  permission = data.azuread_service_principal.graph.app_role_ids["AuditLog.Read.All"]
}

resource "azuread_application" "this" {
  display_name = var.name

  required_resource_access {
    resource_app_id = data.azuread_service_principal.graph.client_id

    resource_access {
      id   = local.permission
      type = "Role"
    }
  }
}

resource "azuread_service_principal" "this" {
  client_id = azuread_application.this.client_id
}

resource "azuread_app_role_assignment" "this" {
  app_role_id         = local.permission
  principal_object_id = azuread_service_principal.this.object_id
  resource_object_id  = data.azuread_service_principal.graph.object_id
}

output "tenant" {
  description = "For corduroy sources add microsoft-graph --tenant."
  value       = data.azuread_client_config.this.tenant_id
}

output "client" {
  description = "For corduroy sources add microsoft-graph --client."
  value       = azuread_application.this.client_id

  # Without the permission the application is of no use.
  depends_on = [azuread_app_role_assignment.this]
}

output "reader" {
  description = "The object id of the application's service principal, for the modules eventhub and storage."
  value       = azuread_service_principal.this.object_id
}

output "namespace" {
  description = "The host that is read from."
  value       = "${azurerm_eventhub_namespace.this.name}.servicebus.windows.net"
}

output "eventhub" {
  description = "The hub."
  value       = azurerm_eventhub.logs.name
}

output "consumer_group" {
  description = "The consumer group, which nobody else should use."
  value       = azurerm_eventhub_consumer_group.corduroy.name
}

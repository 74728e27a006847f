# An event hub that gets the activity logs of subscriptions and, where wanted, the logs of Entra ID; and one application that may read it.

terraform {
  required_version = ">= 1.5"
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 4.55, < 5.0"
    }
  }
}

# Keys must stay allowed (local authentication): Azure Monitor sends by one.
resource "azurerm_eventhub_namespace" "this" {
  name                     = var.name
  resource_group_name      = var.resource_group
  location                 = var.location
  sku                      = "Standard" # Basic has no consumer groups, and keeps events for a day
  capacity                 = 1
  auto_inflate_enabled     = true
  maximum_throughput_units = 4
  minimum_tls_version      = "1.2"
}

resource "azurerm_eventhub" "logs" {
  name              = "logs"
  namespace_id      = azurerm_eventhub_namespace.this.id
  partition_count   = 4
  message_retention = 7 # days, the most of Standard
}

resource "azurerm_eventhub_consumer_group" "corduroy" {
  name                = "corduroy"
  eventhub_name       = azurerm_eventhub.logs.name
  namespace_name      = azurerm_eventhub_namespace.this.name
  resource_group_name = var.resource_group
}

# Azure Monitor asks for all three rights, and for a rule of the namespace.
resource "azurerm_eventhub_namespace_authorization_rule" "monitor" {
  name                = "azure-monitor"
  namespace_name      = azurerm_eventhub_namespace.this.name
  resource_group_name = var.resource_group
  listen              = true
  send                = true
  manage              = true
}

resource "azurerm_monitor_diagnostic_setting" "activity" {
  for_each                       = var.subscriptions
  name                           = "corduroy"
  target_resource_id             = "/subscriptions/${each.value}"
  eventhub_name                  = azurerm_eventhub.logs.name
  eventhub_authorization_rule_id = azurerm_eventhub_namespace_authorization_rule.monitor.id

  dynamic "enabled_log" {
    for_each = ["Administrative", "Alert", "Policy", "Security"]

    content {
      category = enabled_log.value
    }
  }
}

resource "azurerm_monitor_aad_diagnostic_setting" "entra" {
  count                          = length(var.entra_logs) == 0 ? 0 : 1
  name                           = "corduroy"
  eventhub_name                  = azurerm_eventhub.logs.name
  eventhub_authorization_rule_id = azurerm_eventhub_namespace_authorization_rule.monitor.id

  dynamic "enabled_log" {
    for_each = var.entra_logs

    content {
      category = enabled_log.value
    }
  }
}

# Who reads has no key: an application, by its role, on this hub alone.
resource "azurerm_role_assignment" "reader" {
  scope                = azurerm_eventhub.logs.id
  role_definition_name = "Azure Event Hubs Data Receiver"
  principal_id         = var.reader
}

variable "name" {
  description = "The application's name, for people."
  type        = string
  nullable    = false
  default     = "Corduroy"

  validation {
    condition     = length(trimspace(var.name)) > 0 && length(var.name) <= 120
    error_message = "A name has 1 to 120 characters."
  }
}

variable "name" {
  description = "The queue's name. That of the dead-letter queue is the same, with -dead-letters."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,67}$", var.name))
    error_message = "A queue's name has letters, digits, - and _, and 67 of them at most."
  }
}

variable "bucket" {
  description = "The bucket's name. It exists already, in this account and region."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.bucket))
    error_message = "This is not the name of a bucket. It is neither an ARN nor an s3:// address."
  }
}

variable "prefix" {
  description = "Only objects whose key begins with this are told of."
  type        = string
  nullable    = false
  default     = ""

  validation {
    condition     = !startswith(var.prefix, "/") && !can(regex("[*?]", var.prefix))
    error_message = "A prefix is what keys begin with: no / in front, and no * or ?."
  }
}

variable "replace_notifications" {
  description = "A bucket has one set of notifications, and Terraform writes it as a whole. True: it is this queue alone, and what was there is gone. False: you add the queue to the set by hand."
  type        = bool
  nullable    = false
}

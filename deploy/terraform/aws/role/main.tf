# The role that Corduroy takes on in this account. It may do what `corduroy sources test` asks for, and nothing else.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.25, < 7.0"
    }
  }
}

data "aws_partition" "this" {}

locals {
  objects = [for bucket in var.buckets : "arn:${data.aws_partition.this.partition}:s3:::${bucket}/*"]
}

resource "aws_iam_role" "this" {
  name        = var.name
  description = "Corduroy reads logs: queues, and the objects that they tell of."
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = var.principals }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "this" {
  name = "read"
  role = aws_iam_role.this.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        { Effect = "Allow", Action = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"], Resource = var.queues },
        { Effect = "Allow", Action = ["s3:GetObject"], Resource = local.objects },
      ],
      length(var.kms_keys) == 0 ? [] : [
        { Effect = "Allow", Action = ["kms:Decrypt"], Resource = var.kms_keys },
      ],
    )
  })
}

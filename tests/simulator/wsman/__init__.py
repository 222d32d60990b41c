# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""WS-Management as Windows answers it: one ``Service`` per host turns SOAP messages into SOAP messages."""

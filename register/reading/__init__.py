"""Reading from the read models, one topic a module: what the command line, papers, reports and later the web use."""
